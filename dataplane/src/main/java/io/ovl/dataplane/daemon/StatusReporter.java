package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.DaemonStatus;
import io.ovl.config.ctl.OvlVersion;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.StatusSource;
import io.ovl.dataplane.io.AbsentTun;
import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.TunTapDevice;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
            return DaemonStatus.NO_DEVICE;
        }
        return device.isTap() ? "tap" : "tun";
    }

    private List<String> offloads() {
        Set<Offload> offloads = EnumSet.noneOf(Offload.class);
        offloads.addAll(device.offloads());
        offloads.addAll(conductor.offloads());
        return offloads.stream().map(Offload::label).toList();
    }

    @Override
    public Map<NoisePublicKey, String> waiting() {
        return conductor.waiting();
    }

    @Override
    public @Nullable String waiting(NoisePublicKey publicKey) {
        return conductor.waiting(publicKey);
    }
}
