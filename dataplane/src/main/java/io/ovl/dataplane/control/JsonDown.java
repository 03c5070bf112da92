package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code down}: ends the daemon, which takes everything back that it has set up. The answer, its process id, comes
 * before that.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonDown implements JsonMethod {
    private final Runnable stop;

    JsonDown(Runnable stop) {
        this.stop = stop;
    }

    @Override
    public String name() {
        return "down";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        params.rejectUnread();
        stop.run();
        return Map.of("pid", ProcessHandle.current().pid());
    }
}
