package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.DeviceReport;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code device.show}: the interface and its peers; with {@code "secrets":true} their secret keys too.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonDeviceShow implements JsonMethod {
    private final DeviceControl control;
    private final StatusSource source;

    JsonDeviceShow(DeviceControl control, StatusSource source) {
        this.control = control;
        this.source = source;
    }

    @Override
    public String name() {
        return "device.show";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        boolean showsSecrets = params.flag("secrets");
        params.rejectUnread();
        if (showsSecrets) {
            caller.requirePrivilege("see secret keys");
        }
        return DeviceReport.of(
                        source.status().interfaceName(),
                        control.state(),
                        showsSecrets,
                        source.waiting())
                .toJson();
    }
}
