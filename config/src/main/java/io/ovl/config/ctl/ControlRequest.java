package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request on the control socket.
 *
 * <p>Wire: {@code {"v":1,"id":7,"method":"peers.list","params":{...}}} and a line feed, in UTF-8. {@code params} may be
 * left out; {@code id} comes back in the reply.
 */
public record ControlRequest(long id, String method, Map<String, @Nullable Object> params) {
    /** Version of the protocol; a change that old readers would misunderstand raises it. */
    public static final long VERSION = 1;

    /** Longest request that a daemon reads, its line feed included. */
    public static final int MAX_LENGTH = 1 << 20;

    /** One line, its line feed included; the caller wipes it when the parameters hold a secret. */
    public byte[] encode() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("v", VERSION);
        message.put("id", id);
        message.put("method", method);
        message.put("params", params);
        return ControlReply.line(message);
    }

    /** Reads a line without its line feed. */
    @SuppressWarnings("unchecked") // JsonCodec's objects have no other keys than strings.
    public static ControlRequest decode(byte[] line) throws ControlException {
        Map<String, @Nullable Object> message;
        try {
            message = JsonCodec.read(line, 0, line.length);
        } catch (IOException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        if (!Long.valueOf(VERSION).equals(message.get("v"))) {
            throw new ControlException(
                    ExitCode.USAGE, "unsupported-version", "\"v\" must be " + VERSION);
        }
        if (!(message.get("id") instanceof Long id)) {
            throw invalid("\"id\" must be a whole number");
        }
        if (!(message.get("method") instanceof String method)) {
            throw invalid("\"method\" must be a string");
        }
        Object params = message.get("params");
        if (params != null && !(params instanceof Map)) {
            throw invalid("\"params\" must be an object");
        }
        return new ControlRequest(
                id, method, params == null ? Map.of() : (Map<String, @Nullable Object>) params);
    }

    private static ControlException invalid(String message) {
        return new ControlException(ExitCode.USAGE, "invalid-request", message);
    }
}
