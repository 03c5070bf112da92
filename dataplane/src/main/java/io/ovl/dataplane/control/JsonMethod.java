package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * One method of the control protocol.
 *
 * <p>Thread: the server's event loop, which an implementation must not keep waiting.
 */
interface JsonMethod {
    /** Such as {@code peers.list}. */
    String name();

    /** Whether it changes something, which only root and the daemon's own user may do. */
    boolean isChange();

    /**
     * Carries it out.
     *
     * @param params read all of them, then {@link JsonObject#rejectUnread}, before anything is changed
     * @return a tree of JSON values; a {@code byte[]} in it is a secret key
     */
    Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException;
}
