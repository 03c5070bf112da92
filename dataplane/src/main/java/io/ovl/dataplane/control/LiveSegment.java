package io.ovl.dataplane.control;

import io.ovl.config.model.Encap;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.vxlan.Vtep;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A segment as it runs, and what the conductor holds for it.
 *
 * <p>Thread: the conductor.
 */
final class LiveSegment {
    private static final long SECOND_NS = 1_000_000_000L;

    final Segment segment;

    /** Its ports in the clear, those that were met among them. */
    final Map<UdpAddress, VtepPort> vteps = new LinkedHashMap<>();

    SegmentSection section;

    /** Null while the device is gone. */
    @Nullable TapDevice tap;

    @Nullable Port tapPort;

    /** Of a segment in the clear. */
    @Nullable VxlanSockets sockets;

    /** What the TAP's MTU was computed or set to last. */
    int wantedMtu;

    /** A remote VTEP, its port, and since when it is one. */
    record VtepPort(Vtep vtep, Port port, long sinceNs) {}

    LiveSegment(SegmentSection section) {
        this.section = section;
        segment = new Segment(section.name(), section.vni(), settings(section));
    }

    boolean isClear() {
        return section.encap() == Encap.VXLAN;
    }

    /** Whether it can become {@code next} without being taken apart. */
    boolean canBecome(SegmentSection next) {
        boolean isSame =
                section.vni() == next.vni()
                        && section.encap() == next.encap()
                        && section.port().device().equals(next.port().device());
        return isSame && (!isClear() || VxlanSocketKey.of(section).equals(VxlanSocketKey.of(next)));
    }

    static SegmentSettings settings(SegmentSection section) {
        Integer mtu = section.mtu();
        return new SegmentSettings(
                section.ageingSeconds() * SECOND_NS,
                section.maxMacs(),
                section.isLearning(),
                section.isStrict(),
                section.isOpen(),
                section.suppressesArp(),
                section.floodLimitFps(),
                mtu == null ? 0 : mtu,
                section.clampsMss());
    }
}
