package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code version}: the daemon's.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonVersion implements JsonMethod {
    private final StatusSource source;

    JsonVersion(StatusSource source) {
        this.source = source;
    }

    @Override
    public String name() {
        return "version";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        params.rejectUnread();
        return Map.of("version", source.status().version());
    }
}
