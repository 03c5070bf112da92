package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One reply on the control socket.
 *
 * <p>Wire: {@code {"v":1,"id":7,"result":{...}}} or {@code
 * {"v":1,"id":7,"error":{"exit":4,"code":"no-such-peer","message":"..."}}} and a line feed, in UTF-8. {@code id} is the
 * request's, or null where the request could not be read.
 */
public final class ControlReply {
    private ControlReply() {}

    /** One line, its line feed included. */
    public static byte[] encode(long id, Map<String, ?> result) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("v", ControlRequest.VERSION);
        message.put("id", id);
        message.put("result", result);
        return line(message);
    }

    /** One line, its line feed included. */
    public static byte[] encode(@Nullable Long id, ControlException error) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("v", ControlRequest.VERSION);
        message.put("id", id);
        message.put("error", error(error));
        return line(message);
    }

    /**
     * One line, its line feed included, for a request that is answered again and again:
     * {@code {"v":1,"id":7,"event":{...}}}, after its result.
     */
    public static byte[] encodeEvent(long id, Map<String, ?> event) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("v", ControlRequest.VERSION);
        message.put("id", id);
        message.put("event", event);
        return line(message);
    }

    /** Reads a line without its line feed: an event that request {@code id} asked for. */
    static JsonObject decodeEvent(byte[] line, long id) throws ControlException {
        JsonObject message;
        try {
            message = new JsonObject(JsonCodec.read(line, 0, line.length));
        } catch (IOException e) {
            throw unexpected(String.valueOf(e.getMessage()));
        }
        JsonObject event = message.object("event");
        if (event == null || message.number("id", Long.MIN_VALUE, Long.MAX_VALUE, -1) != id) {
            throw unexpected("an event was expected");
        }
        return event;
    }

    /** The members of an error, as a reply and as {@code ovlctl --json} show them. */
    static Map<String, Object> error(ControlException error) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("exit", error.exit());
        members.put("code", error.code());
        members.put("message", error.getMessage());
        return members;
    }

    /** Reads a line without its line feed: the result of request {@code id}, or its error thrown. */
    static JsonObject decode(byte[] line, int length, long id) throws ControlException {
        JsonObject message;
        try {
            message = new JsonObject(JsonCodec.read(line, 0, length));
        } catch (IOException e) {
            throw unexpected(String.valueOf(e.getMessage()));
        }
        JsonObject error = message.object("error");
        if (error != null) {
            throw new ControlException(
                    (int) error.number("exit", 1, 255, ExitCode.FAILED),
                    error.requiredText("code"),
                    error.requiredText("message"));
        }
        if (message.number("v", 0, Long.MAX_VALUE, 0) != ControlRequest.VERSION
                || message.number("id", Long.MIN_VALUE, Long.MAX_VALUE, -1) != id) {
            throw unexpected("another version, or an answer to another request");
        }
        JsonObject result = message.object("result");
        if (result == null) {
            throw unexpected("neither a result nor an error");
        }
        return result;
    }

    static byte[] line(Map<String, ?> message) {
        byte[] text = JsonCodec.write(message);
        byte[] line = Arrays.copyOf(text, text.length + 1);
        Arrays.fill(text, (byte) 0);
        line[line.length - 1] = '\n';
        return line;
    }

    private static ControlException unexpected(String what) {
        return new ControlException(
                ExitCode.FAILED,
                "unexpected-reply",
                "the daemon's reply is not understood: " + what);
    }
}
