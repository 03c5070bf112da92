package io.ovl.dataplane.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ControlReply;
import io.ovl.config.ctl.ControlRequest;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One client's requests, each a line, answered in order.
 *
 * <p>Thread: the server's event loop. Errors: a request that fails is answered with its error and the connection lasts;
 * it ends when a request is too long, when the client asks more before it is answered or without reading what it was
 * answered, and after a mistake of ours, which is logged.
 */
final class JsonControlHandler extends SimpleChannelInboundHandler<ByteBuf> {
    private final Map<String, JsonMethod> methods;
    private final JsonCaller caller;
    private final JsonAnswerQueue longAnswers;
    private @Nullable Runnable endOfWatch;
    private @Nullable Runnable turn;
    private boolean isAnswerDue;

    JsonControlHandler(
            Map<String, JsonMethod> methods, JsonCaller caller, JsonAnswerQueue longAnswers) {
        this.methods = methods;
        this.caller = caller;
        this.longAnswers = longAnswers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf line) {
        if (endOfWatch != null || isAnswerDue || !context.channel().isWritable()) {
            // A client that does not read must not make the daemon hold more and more of answers;
            // one that watches has nothing more to ask, and one that waits has asked.
            var _ = context.close();
            return;
        }
        byte[] request = new byte[line.readableBytes()];
        line.getBytes(line.readerIndex(), request);
        line.setZero(line.readerIndex(), request.length);
        answer(context, request);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (endOfWatch != null) {
            endOfWatch.run();
        }
        if (turn != null) {
            longAnswers.leave(turn);
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            ControlException error =
                    new ControlException(
                            ExitCode.USAGE,
                            "request-too-long",
                            "a request has at most " + ControlRequest.MAX_LENGTH + " bytes");
            sendAndClose(context, error);
            return;
        }
        if (!(cause instanceof IOException)) {
            // Not a client that has gone, but a mistake of ours: Netty logs what reaches the end.
            context.fireExceptionCaught(cause);
        }
        var _ = context.close();
    }

    /** Answers with an error and hangs up. */
    static void sendAndClose(ChannelHandlerContext context, ControlException error) {
        context.writeAndFlush(Unpooled.wrappedBuffer(ControlReply.encode(null, error)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void answer(ChannelHandlerContext context, byte[] line) {
        Long id = null;
        try {
            ControlRequest request = ControlRequest.decode(line);
            id = request.id();
            Map<String, ?> result = call(context, request);
            if (result != null) {
                var _ = send(context, ControlReply.encode(id, result));
            }
        } catch (ControlException e) {
            var _ = send(context, ControlReply.encode(id, e));
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    /** Returns the result; null when the answer comes in its own time. */
    private @Nullable Map<String, ?> call(ChannelHandlerContext context, ControlRequest request)
            throws ControlException {
        JsonMethod method = methods.get(request.method());
        if (method == null) {
            throw new ControlException(
                    ExitCode.USAGE,
                    "unknown-method",
                    "unknown method; there are " + String.join(", ", methods.keySet()));
        }
        try {
            if (method.isChange()) {
                caller.requirePrivilege("change anything");
            }
            JsonObject params = new JsonObject(request.params());
            if (method instanceof JsonStreamMethod stream) {
                endOfWatch = stream.watch(params, new JsonEventStream(context, request.id()));
                JsonIdleTimeout.endFor(context.pipeline());
            }
            if (method instanceof JsonDeferredMethod deferred) {
                deferred.start(params, failure -> answerLater(context, request.id(), failure));
                isAnswerDue = true;
                return null;
            }
            if (method instanceof JsonSlowMethod slow) {
                Runnable ownTurn = () -> note(context, request.id(), slow, params);
                turn = ownTurn;
                isAnswerDue = true;
                longAnswers.enter(ownTurn);
                return null;
            }
            return method.call(params, caller);
        } finally {
            wipe(request.params().values());
        }
    }

    private void note(
            ChannelHandlerContext context, long id, JsonSlowMethod method, JsonObject params) {
        try {
            Supplier<Map<String, ?>> result = method.note(params);
            Thread.ofPlatform()
                    .daemon()
                    .name("ovl-answer")
                    .start(() -> putIntoWords(context, id, result));
        } catch (ControlException e) {
            sendLong(context, ControlReply.encode(Long.valueOf(id), e));
        } catch (RuntimeException | Error e) {
            endLong(context, e);
        }
    }

    private void putIntoWords(
            ChannelHandlerContext context, long id, Supplier<Map<String, ?>> result) {
        byte[] reply;
        try {
            reply = ControlReply.encode(id, result.get());
        } catch (RuntimeException | Error e) {
            context.executor().execute(() -> endLong(context, e));
            return;
        }
        context.executor().execute(() -> sendLong(context, reply));
    }

    /** The turn is over when the client has taken the answer, or has gone. */
    private void sendLong(ChannelHandlerContext context, byte[] reply) {
        isAnswerDue = false;
        send(context, reply).addListener(_ -> longAnswers.end());
    }

    /** Goes the way of what another method throws. */
    private void endLong(ChannelHandlerContext context, Throwable error) {
        exceptionCaught(context, error);
        longAnswers.end();
    }

    private void answerLater(
            ChannelHandlerContext context, long id, Optional<ControlException> failure) {
        answerLater(
                context,
                failure.map(e -> ControlReply.encode(Long.valueOf(id), e))
                        .orElseGet(() -> ControlReply.encode(id, Map.of())));
    }

    private void answerLater(ChannelHandlerContext context, byte[] reply) {
        context.executor()
                .execute(
                        () -> {
                            isAnswerDue = false;
                            var _ = send(context, reply);
                        });
    }

    private static void wipe(Collection<@Nullable Object> values) {
        for (Object value : values) {
            if (value instanceof byte[] secret) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    private static ChannelFuture send(ChannelHandlerContext context, byte[] reply) {
        return context.writeAndFlush(Unpooled.wrappedBuffer(reply))
                .addListener(_ -> Arrays.fill(reply, (byte) 0));
    }
}
