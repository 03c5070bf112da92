package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.DaemonStatus;
import io.ovl.config.ctl.OvlVersion;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.StatusSource;
import io.ovl.dataplane.io.AbsentTun;
import io.ovl.dataplane.io.LinuxTunTap;
import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.TunTapDevice;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code ovlctl status} shows of this daemon.
 *
 * <p>Thread: the conductor.
 */
final class StatusReporter implements StatusSource {
    private final TunTapDevice device;
    private final Conductor conductor;
    private final String aeadProvider;
    private final int workerCount;
    private final Instant startedAt;

    StatusReporter(
            TunTapDevice device,
            Conductor conductor,
            String aeadProvider,
            int workerCount,
            Instant startedAt) {
        this.device = device;
        this.conductor = conductor;
        this.aeadProvider = aeadProvider;
        this.workerCount = workerCount;
        this.startedAt = startedAt;
    }

    @Override
    public DaemonStatus status() {
        return new DaemonStatus(
                OvlVersion.current(),
                device.name(),
                kind(),
                device.mtu(),
                conductor.listenPort(),
                aeadProvider,
                workerCount,
                offloads(),
                startedAt);
    }

    private String kind() {
        if (device instanceof AbsentTun) {
            return "none";
        }
        return device.isTap() ? "tap" : "tun";
    }

    private List<String> offloads() {
        return device instanceof LinuxTunTap tun
                ? tun.offloads().stream().map(StatusReporter::name).toList()
                : List.of();
    }

    private static String name(Offload offload) {
        return offload.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<NoisePublicKey, String> waiting() {
        return conductor.waiting();
    }
}
