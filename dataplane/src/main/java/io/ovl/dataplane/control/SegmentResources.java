package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.Setting;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.io.VxlanSockets;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The devices and sockets of segments: opened before anything is changed, for that is what can fail, and closed when no
 * worker uses them any more.
 *
 * <p>Thread: the conductor. Ownership: owns what it has opened, until it is taken.
 */
final class SegmentResources {
    private final SegmentEdges edges;
    private final RetiredResources<InterfaceName, TapDevice> retiredTaps;
    private final RetiredResources<VxlanSocketKey, VxlanSockets> retiredSockets;
    private final Map<InterfaceName, TapDevice> openTaps = new HashMap<>();
    private final Map<VxlanSocketKey, VxlanSockets> openSockets = new HashMap<>();
    private int fwmark;

    SegmentResources(SegmentEdges edges, WorkerFences fences) {
        this.edges = edges;
        retiredTaps = new RetiredResources<>(fences, TapDevice::close);
        retiredSockets = new RetiredResources<>(fences, VxlanSockets::close);
    }

    /** Opens and sets up the device of a segment, unless it is open. */
    void openTap(SegmentSection segment, int mtu) throws ControlException {
        SegmentPort port = segment.port();
        if (openTaps.containsKey(port.device())) {
            return;
        }
        TapDevice tap = retiredTaps.reclaim(port.device());
        try {
            if (tap == null) {
                tap = edges.taps().open(port.device().text());
            }
            setUp(tap, port, mtu);
            openTaps.put(port.device(), tap);
        } catch (DeviceException e) {
            if (tap != null) {
                retiredTaps.retire(port.device(), tap);
            }
            throw Refusals.of(e, Setting.ofSegment(segment.name(), "Port"));
        }
    }

    private static void setUp(TapDevice tap, SegmentPort port, int mtu) throws DeviceException {
        if (tap.mtu() != mtu) {
            tap.changeMtu(mtu);
        }
        InterfaceName bridge = port.bridge();
        if (bridge != null) {
            join(tap, bridge, port);
        }
        tap.setUp();
    }

    private static void join(TapDevice tap, InterfaceName bridge, SegmentPort port)
            throws DeviceException {
        try {
            tap.joinBridge(bridge.text());
        } catch (DeviceException e) {
            throw new DeviceException(
                    "bridge " + bridge + " for " + port.device() + ": " + e.getMessage(),
                    e.errno());
        }
    }

    /** Opens the sockets of a segment in the clear, unless they are open. */
    void openSockets(SegmentSection segment) throws ControlException {
        VxlanSocketKey key = VxlanSocketKey.of(segment);
        if (segment.encap() != Encap.VXLAN || openSockets.containsKey(key)) {
            return;
        }
        VxlanSockets sockets = retiredSockets.reclaim(key);
        try {
            openSockets.put(
                    key,
                    sockets != null
                            ? sockets
                            : edges.vxlanSockets().open(key.local(), key.port(), fwmark));
        } catch (DeviceException e) {
            throw Refusals.of(e, Setting.ofSegment(segment.name(), "Local"));
        }
    }

    /** Marks what all sockets send from now on, those that may be wanted again included. */
    void fwmark(int mark) throws DeviceException {
        fwmark = mark;
        for (VxlanSockets sockets : openSockets.values()) {
            sockets.fwmark(mark);
        }
        for (VxlanSockets sockets : retiredSockets.all()) {
            sockets.fwmark(mark);
        }
    }

    /** Takes back what another segment has just given up, for one that takes its place. */
    void reclaim(SegmentSection segment) {
        InterfaceName device = segment.port().device();
        TapDevice tap = retiredTaps.reclaim(device);
        if (tap != null) {
            openTaps.put(device, tap);
        }
        VxlanSocketKey key = VxlanSocketKey.of(segment);
        VxlanSockets sockets = segment.encap() == Encap.VXLAN ? retiredSockets.reclaim(key) : null;
        if (sockets != null) {
            openSockets.put(key, sockets);
        }
    }

    /** The device that was opened. */
    TapDevice tap(InterfaceName device) {
        return Objects.requireNonNull(openTaps.get(device), "it was opened");
    }

    /** The sockets that were opened. */
    VxlanSockets sockets(VxlanSocketKey key) {
        return Objects.requireNonNull(openSockets.get(key), "they were opened");
    }

    /** Closes the device once no worker uses it; {@code isGone} when it cannot be used again. */
    void closeTap(InterfaceName device, boolean isGone, WorkerFences fences) {
        TapDevice tap = openTaps.remove(device);
        if (tap != null && isGone) {
            fences.after(tap::close);
        } else if (tap != null) {
            retiredTaps.retire(device, tap);
        }
    }

    /** Closes the sockets once no worker uses them; returns them. */
    @Nullable VxlanSockets closeSockets(VxlanSocketKey key) {
        VxlanSockets sockets = openSockets.remove(key);
        if (sockets != null) {
            retiredSockets.retire(key, sockets);
        }
        return sockets;
    }

    Map<InterfaceName, TapDevice> openTaps() {
        return openTaps;
    }

    Map<VxlanSocketKey, VxlanSockets> openSockets() {
        return openSockets;
    }

    /** Closes everything: the workers have stopped. */
    void close() {
        openTaps.values().forEach(TapDevice::close);
        openTaps.clear();
        openSockets.values().forEach(VxlanSockets::close);
        openSockets.clear();
    }
}
