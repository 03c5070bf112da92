package io.ovl.dataplane.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.ovl.config.uapi.UapiErrno;
import io.ovl.config.uapi.UapiException;
import io.ovl.config.uapi.UapiReader;
import io.ovl.config.uapi.UapiWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One UAPI client: reads requests up to their blank line, answers each, in order.
 *
 * <p>A client that takes longer than ten seconds over a request, or does not read its reply for as long, is hung up on.
 * One whose request exceeds sixteen mebibytes, enough for ten thousand peers with ten AllowedIPs each, is told so at
 * the request's end, up to which nothing is kept: hung up on earlier, {@code wg} would end by SIGPIPE without a word.
 * While a reply is on its way nothing more is read.
 *
 * <p>Thread: the event loop. Ownership: wipes every buffer that may have held a key.
 */
final class UapiHandler extends ChannelInboundHandlerAdapter {
    private static final int MAX_REQUEST_LENGTH = 1 << 24;
    private static final int CHUNK_LENGTH = 16 * 1024;
    private static final long TIMEOUT_SECONDS = 10;
    private static final String GET = "get=1\n";
    private static final String SET = "set=1\n";

    private final DeviceControl control;
    private final Consumer<String> refusals;
    private byte[] request = new byte[1024];
    private int length;
    private int searched;
    private boolean isTooLong;
    private @Nullable UapiWriter reply;
    private @Nullable ScheduledFuture<?> timeout;

    UapiHandler(DeviceControl control, Consumer<String> refusals) {
        this.control = control;
        this.refusals = refusals;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        restartTimeout(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int count = bytes.readableBytes();
        try {
            if (isTooLong || length + count > MAX_REQUEST_LENGTH) {
                isTooLong = true;
                keepLastByte(bytes, count);
            } else {
                ensureCapacity(length + count);
                bytes.readBytes(request, length, count);
                length += count;
            }
        } finally {
            bytes.setZero(0, bytes.capacity());
            bytes.release();
        }
        answerRequests(context);
    }

    /** Keeps what tells a blank line across reads, nothing else. */
    private void keepLastByte(ByteBuf bytes, int count) {
        byte last = length == 0 ? 0 : request[length - 1];
        boolean hasEnd = false;
        for (int i = 0; i < count && !hasEnd; i++) {
            byte next = bytes.readByte();
            hasEnd = last == '\n' && next == '\n';
            last = next;
        }
        Arrays.fill(request, 0, length, (byte) 0);
        request[0] = last;
        request[1] = last;
        length = hasEnd ? 2 : 1;
        searched = 0;
    }

    private void answerRequests(ChannelHandlerContext context) {
        int end;
        while (reply == null && context.channel().isOpen() && (end = endOfRequest()) > 0) {
            answer(context, end);
            consume(end);
            restartTimeout(context);
        }
        context.channel().config().setAutoRead(reply == null);
    }

    private void answer(ChannelHandlerContext context, int end) {
        if (startsWith(GET)) {
            reply = new UapiWriter(control.state());
            writeReply(context);
        } else if (startsWith(SET)) {
            send(context, "errno=" + set(SET.length(), end - SET.length()) + "\n\n");
        } else {
            refuse(context, isTooLong ? UapiErrno.TOO_LONG : UapiErrno.INVALID);
        }
    }

    private int set(int offset, int bodyLength) {
        try {
            control.apply(UapiReader.read(request, offset, bodyLength));
            return 0;
        } catch (UapiException e) {
            refusals.accept("refused a set: " + e.getMessage());
            return e.errno();
        } catch (UpdateRefusedException e) {
            refusals.accept("refused a set: " + e.getMessage());
            return e.errno();
        }
    }

    /** Writes as much of the reply as the client takes. */
    private void writeReply(ChannelHandlerContext context) {
        UapiWriter writer = reply;
        byte[] chunk = new byte[CHUNK_LENGTH];
        while (writer != null && context.channel().isWritable()) {
            int filled = writer.fill(chunk);
            if (filled == 0) {
                writer.close();
                reply = null;
                writer = null;
            } else {
                send(context, chunk, filled);
                restartTimeout(context);
            }
        }
        Arrays.fill(chunk, (byte) 0);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (reply != null) {
            writeReply(context);
            if (reply == null) {
                answerRequests(context);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (reply != null) {
            reply.close();
            reply = null;
        }
        Arrays.fill(request, (byte) 0);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            // Not a client that has gone, but a mistake of ours: Netty logs what reaches the end.
            context.fireExceptionCaught(cause);
        }
        var _ = context.close();
    }

    private void refuse(ChannelHandlerContext context, int errno) {
        send(context, "errno=" + errno + "\n\n");
        var _ = context.close();
    }

    private static void send(ChannelHandlerContext context, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        send(context, bytes, bytes.length);
    }

    private static void send(ChannelHandlerContext context, byte[] bytes, int count) {
        ByteBuf out = context.alloc().directBuffer(count);
        out.writeBytes(bytes, 0, count);
        out.retain();
        var _ =
                context.writeAndFlush(out)
                        .addListener(
                                written -> {
                                    out.setZero(0, out.capacity());
                                    out.release();
                                });
    }

    /** Length of the first request, its blank line included; -1 while it is incomplete. */
    private int endOfRequest() {
        for (int i = Math.max(1, searched); i < length; i++) {
            if (request[i] == '\n' && request[i - 1] == '\n') {
                return i + 1;
            }
        }
        searched = length;
        return -1;
    }

    private boolean startsWith(String prefix) {
        if (length < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (request[i] != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void consume(int count) {
        System.arraycopy(request, count, request, 0, length - count);
        Arrays.fill(request, length - count, length, (byte) 0);
        length -= count;
        searched = 0;
    }

    private void ensureCapacity(int capacity) {
        if (capacity > request.length) {
            byte[] old = request;
            request =
                    Arrays.copyOf(
                            old, Math.max(capacity, Math.min(2 * old.length, MAX_REQUEST_LENGTH)));
            Arrays.fill(old, (byte) 0);
        }
    }

    private void restartTimeout(ChannelHandlerContext context) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        timeout =
                context.executor()
                        .schedule(() -> hangUp(context), TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static void hangUp(ChannelHandlerContext context) {
        var _ = context.close();
    }
}
