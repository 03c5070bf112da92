package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;
import java.util.function.Consumer;

/**
 * A method that goes on after its answer: whatever happens becomes an event, until the client hangs up. The connection
 * takes no other request from then on.
 *
 * <p>Thread: the server's event loop.
 */
interface JsonStreamMethod extends JsonMethod {
    /**
     * Begins to tell events.
     *
     * @param params read all of them, then {@link JsonObject#rejectUnread}
     * @param events takes each event, and drops it when the client does not read
     * @return what ends it
     */
    Runnable watch(JsonObject params, Consumer<Map<String, ?>> events) throws ControlException;

    @Override
    default boolean isChange() {
        return false;
    }

    @Override
    default Map<String, ?> call(JsonObject params, JsonCaller caller) {
        return Map.of();
    }
}
