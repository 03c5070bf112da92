package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code reload}: reads the configuration file again.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonReload implements JsonDeferredMethod {
    private final ConfigReload config;

    JsonReload(ConfigReload config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "reload";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public void start(JsonObject params, Consumer<Optional<ControlException>> done)
            throws ControlException {
        params.rejectUnread();
        config.reload(done);
    }
}
