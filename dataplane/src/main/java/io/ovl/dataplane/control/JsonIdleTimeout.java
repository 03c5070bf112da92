package io.ovl.dataplane.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ByteProcessor;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection that holds its place without using it: one whose request does not end, and one that asks nothing.
 *
 * <p>The clock of a request starts with its first byte, so that it does not help to send the rest byte by byte.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonIdleTimeout extends ChannelInboundHandlerAdapter {
    private final Duration requestTimeout;
    private final Duration idleTimeout;
    private @Nullable ScheduledFuture<?> timer;
    private boolean isWithinRequest;

    JsonIdleTimeout(Duration requestTimeout, Duration idleTimeout) {
        this.requestTimeout = requestTimeout;
        this.idleTimeout = idleTimeout;
    }

    /** Lets a connection be quiet from now on. */
    static void endFor(ChannelPipeline pipeline) {
        if (pipeline.get(JsonIdleTimeout.class) != null) {
            pipeline.remove(JsonIdleTimeout.class);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        cancel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restart(context, idleTimeout);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int lastLineFeed = bytes.forEachByteDesc(ByteProcessor.FIND_LF);
        boolean endsRequest = lastLineFeed >= 0;
        boolean startsRequest = lastLineFeed != bytes.writerIndex() - 1;
        if (!startsRequest) {
            restart(context, idleTimeout);
        } else if (endsRequest || !isWithinRequest) {
            restart(context, requestTimeout);
        }
        isWithinRequest = startsRequest;
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void restart(ChannelHandlerContext context, Duration timeout) {
        cancel();
        timer =
                context.executor()
                        .schedule(() -> hangUp(context), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void hangUp(ChannelHandlerContext context) {
        var _ = context.close();
    }
}
