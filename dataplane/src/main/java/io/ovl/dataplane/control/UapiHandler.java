package io.ovl.dataplane.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.ovl.config.uapi.UapiErrno;
import io.ovl.config.uapi.UapiException;
import io.ovl.config.uapi.UapiReader;
import io.ovl.config.uapi.UapiWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One client's requests, answered one after the other. While a reply is under way nothing is read, and of a long reply one chunk
 * at a time is, so that a client cannot make the daemon hold more than that.
 *
 * <p>One timer closes the connection when nothing comes to its end in time: a request, whose time runs from its first byte, a chunk of
 * a reply, the silence before the next request.
 *
 * <p>Thread: the server's event loop. Errors: a {@code set} that fails is answered with its errno and the connection lasts; anything but
 * {@code get=1} and {@code set=1} ends it without an answer, as wireguard-go does.
 */
final class UapiHandler extends ChannelInboundHandlerAdapter {
    private static final int CHUNK_LENGTH = 1 << 16;
    private static final byte[] GET = ascii("get=1\n");
    private static final byte[] SET = ascii("set=1\n");

    private final DeviceControl device;
    private final UapiRequestBuffer requests;
    private final Consumer<String> onRefusal;
    private final Duration timeout;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable UapiWriter writer;
    private boolean isReplying;
    private boolean isInputClosed;

    UapiHandler(
            DeviceControl device,
            UapiRequestBuffer.Budget budget,
            Consumer<String> onRefusal,
            Duration timeout) {
        this.device = device;
        this.requests = new UapiRequestBuffer(budget);
        this.onRefusal = onRefusal;
        this.timeout = timeout;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restartTimer(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean startsRequest = requests.isEmpty() && !isReplying;
        boolean fits;
        try {
            fits = isInputClosed || requests.append((ByteBuf) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (!fits) {
            refuseLongRequest(context);
            return;
        }
        if (startsRequest) {
            restartTimer(context);
        }
        answerNext(context);
    }

    private void refuseLongRequest(ChannelHandlerContext context) {
        requests.clear();
        isInputClosed = true;
        if (isReplying) {
            close(context);
        } else {
            onRefusal.accept("the request is too long");
            reply(context, UapiErrno.TOO_LONG);
        }
    }

    /** A client may close its side before it reads the reply. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            isInputClosed = true;
            answerNext(context);
        }
    }

    private void answerNext(ChannelHandlerContext context) {
        if (isReplying) {
            return;
        }
        boolean isGet = requests.mayStartWith(GET);
        boolean isKnown = isGet || requests.mayStartWith(SET);
        int length = requests.requestLength();
        if (!isKnown || length < 0 && isInputClosed) {
            close(context);
        } else if (length > 0 && isGet) {
            answerGet(context, length);
        } else if (length > 0) {
            answerSet(context, length);
        }
    }

    private void answerGet(ChannelHandlerContext context, int length) {
        requests.remove(length);
        if (length > GET.length + 1) {
            // After get, wg takes digits only.
            reply(context, -UapiErrno.INVALID);
            return;
        }
        writer = new UapiWriter(device.state());
        beginReply(context);
        writeChunk(context, writer, new byte[CHUNK_LENGTH]);
    }

    private void answerSet(ChannelHandlerContext context, int length) {
        int errno = 0;
        try {
            device.apply(
                    UapiReader.read(
                            requests.bytes(), requests.start() + SET.length, length - SET.length));
        } catch (UapiException e) {
            errno = e.errno();
            onRefusal.accept(String.valueOf(e.getMessage()));
        } catch (UpdateRefusedException e) {
            errno = e.errno();
            onRefusal.accept(String.valueOf(e.getMessage()));
        } finally {
            requests.remove(length);
        }
        reply(context, errno);
    }

    private void beginReply(ChannelHandlerContext context) {
        isReplying = true;
        context.channel().config().setAutoRead(false);
        restartTimer(context);
    }

    private void endReply(ChannelHandlerContext context) {
        isReplying = false;
        closeWriter();
        context.channel().config().setAutoRead(true);
        restartTimer(context);
        answerNext(context);
    }

    private void reply(ChannelHandlerContext context, int errno) {
        beginReply(context);
        byte[] status = ascii("errno=" + errno + "\n\n");
        send(context, status, status.length, () -> endReply(context));
    }

    private void writeChunk(ChannelHandlerContext context, UapiWriter from, byte[] chunk) {
        int length = from.fill(chunk);
        if (length == 0) {
            endReply(context);
            return;
        }
        send(
                context,
                chunk,
                length,
                () -> {
                    restartTimer(context);
                    writeChunk(context, from, chunk);
                });
    }

    /** Moves the bytes to the socket, and wipes every copy. */
    private static void send(
            ChannelHandlerContext context, byte[] bytes, int length, Runnable whenSent) {
        ByteBuf out = Unpooled.directBuffer(length, length);
        out.writeBytes(bytes, 0, length);
        Arrays.fill(bytes, 0, length, (byte) 0);
        context.writeAndFlush(out.retain())
                .addListener(
                        sent -> {
                            out.setZero(0, length);
                            out.release();
                            if (sent.isSuccess()) {
                                whenSent.run();
                            } else {
                                close(context);
                            }
                        });
    }

    private void restartTimer(ChannelHandlerContext context) {
        cancelTimer();
        timer =
                context.executor()
                        .schedule(() -> close(context), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void closeWriter() {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelTimer();
        closeWriter();
        requests.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            // Not a client that has gone, but a mistake of ours: Netty logs what reaches the end.
            context.fireExceptionCaught(cause);
        }
        close(context);
    }
}
