package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.LinuxTunTap;

import java.nio.file.Path;

/**
 * Where a daemon touches the machine: its device and the directories of its sockets.
 *
 * @param uapiDirectory of the sockets for {@code wg}
 * @param runDirectory of the sockets for {@code ovlctl} and the counters files
 */
record DaemonEdges(DeviceOpener devices, Path uapiDirectory, Path runDirectory) {
    /** The kernel's devices, and the directories that every tool looks into. */
    static final DaemonEdges SYSTEM =
            new DaemonEdges(
                    (name, queueCount) -> LinuxTunTap.open(name, false, queueCount),
                    Path.of("/run/wireguard"),
                    Path.of("/run/ovl"));

    /** Opens the device of a daemon. */
    @FunctionalInterface
    interface DeviceOpener {
        LinuxTunTap open(String name, int queueCount) throws DeviceException;
    }

    LinuxTunTap openDevice(String name, int queueCount) throws DeviceException {
        return devices.open(name, queueCount);
    }
}
