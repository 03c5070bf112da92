package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A method whose result is quickly noted and slowly put into words, which a thread of its own does: on the event loop
 * handshakes and timers would wait for it. The connection takes no other request until it is answered; what others ask
 * of the kind waits in the {@link JsonAnswerQueue}.
 *
 * <p>Thread: the server's event loop, but for the words.
 */
interface JsonSlowMethod extends JsonMethod {
    /**
     * Notes what is asked for.
     *
     * @param params read all of them, then {@link JsonObject#rejectUnread}; none is a secret
     * @return puts it into words, once and on any thread: it holds nothing that the conductor changes
     */
    Supplier<Map<String, ?>> note(JsonObject params) throws ControlException;

    @Override
    default Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        return note(params).get();
    }
}
