package io.ovl.dataplane.simulation;

import io.ovl.config.model.DeviceUpdate;
import io.ovl.crypto.key.NoisePrivateKey;

import java.util.List;

/** Updates of a device's own settings. */
final class Updates {
    private Updates() {}

    static DeviceUpdate privateKey(byte[] key) {
        return new DeviceUpdate(NoisePrivateKey.copyOf(key, 0), null, null, false, List.of());
    }

    static DeviceUpdate listenPort(int port) {
        return new DeviceUpdate(null, port, null, false, List.of());
    }
}
