package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A method that takes its time: it is answered, with an empty result, once it is done. The connection takes no other
 * request until then.
 *
 * <p>Thread: the server's event loop.
 */
interface JsonDeferredMethod extends JsonMethod {
    /**
     * Begins.
     *
     * @param params read all of them, then {@link JsonObject#rejectUnread}
     * @param done told on any thread, once, what came of it
     */
    void start(JsonObject params, Consumer<Optional<ControlException>> done)
            throws ControlException;

    @Override
    default Map<String, ?> call(JsonObject params, JsonCaller caller) {
        throw new UnsupportedOperationException(name() + " is started, not called");
    }
}
