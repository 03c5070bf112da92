package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.Setting;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.io.UnderlayRoutes;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The way from one plan to another: first all that can fail, then the rest.
 *
 * <p>Thread: the conductor.
 */
final class SegmentChange {
    private final SegmentPlan before;
    private final SegmentPlan next;
    private final SegmentResources resources;
    private final SegmentSwitch segments;
    private final SegmentMtus mtus;
    private final UnderlayRoutes routes;
    private final Map<NoisePublicKey, IpAddress> localVteps = new HashMap<>();
    private final Set<InterfaceName> openTaps;
    private final Set<VxlanSocketKey> openSockets;
    private final ArrayDeque<Undo> undos = new ArrayDeque<>();
    private boolean isDone;

    /** Takes back what was done to a device. */
    private interface Undo {
        void run() throws DeviceException;
    }

    SegmentChange(
            SegmentPlan before,
            SegmentPlan next,
            SegmentResources resources,
            SegmentSwitch segments,
            SegmentMtus mtus,
            UnderlayRoutes routes) {
        this.before = before;
        this.next = next;
        this.resources = resources;
        this.segments = segments;
        this.mtus = mtus;
        this.routes = routes;
        openTaps = Set.copyOf(resources.openTaps().keySet());
        openSockets = Set.copyOf(resources.openSockets().keySet());
    }

    /** Opens what is missing and sets up what is there. The caller closes it when this throws. */
    void prepare() throws ControlException {
        for (PeerSegments member : next.members().values()) {
            IpAddress vtep = member.vtep();
            if (vtep != null) {
                localVteps.put(member.publicKey(), localVtep(member.publicKey(), vtep));
            }
        }
        Map<String, Integer> nextMtus = mtus.mtus(next);
        Map<InterfaceName, SegmentSection> holders = new HashMap<>();
        before.segments().values().forEach(old -> holders.put(old.port().device(), old));
        for (SegmentSection segment : next.segments().values()) {
            boolean wasOpen = openTaps.contains(segment.port().device());
            resources.openSockets(segment);
            resources.openTap(segment, nextMtus.getOrDefault(segment.name(), 0));
            if (wasOpen) {
                changeTap(segment, holders.get(segment.port().device()));
            }
        }
    }

    /** Our end of standard VXLAN to that address: in the same network if we can, else of the same family. */
    private IpAddress localVtep(NoisePublicKey peer, IpAddress vtep) throws ControlException {
        IpAddress found = null;
        for (IpPrefix address : next.addresses()) {
            if (address.masked().contains(vtep)) {
                return address.address();
            }
            boolean isFit = found == null && address.address().isIpv6() == vtep.isIpv6();
            found = isFit ? address.address() : found;
        }
        if (found == null) {
            found = routes.sourceTo(vtep);
        }
        if (found == null || found.isIpv6() != vtep.isIpv6()) {
            throw new ControlException(
                    ExitCode.INVALID_CONFIG,
                    "no-local-vtep",
                    "VTEP "
                            + vtep
                            + " needs an address of ours inside the tunnel to talk to: give the"
                            + " interface one (Address)",
                    Setting.ofPeer(peer, "Vtep"));
        }
        return found;
    }

    /** What a device is asked for that is open already. */
    private void changeTap(SegmentSection segment, @Nullable SegmentSection old)
            throws ControlException {
        TapDevice tap = resources.tap(segment.port().device());
        Integer mtu = segment.mtu();
        String key = "MTU";
        try {
            if (mtu != null && mtu != tap.mtu()) {
                int oldMtu = tap.mtu();
                undos.push(() -> tap.changeMtu(oldMtu));
                tap.changeMtu(mtu);
            }
            key = "Port";
            InterfaceName oldBridge = old == null ? null : old.port().bridge();
            InterfaceName bridge = segment.port().bridge();
            if (bridge == null ? oldBridge != null : !bridge.equals(oldBridge)) {
                undos.push(() -> tap.joinBridge(text(oldBridge)));
                tap.joinBridge(text(bridge));
            }
        } catch (DeviceException e) {
            throw Refusals.of(e, Setting.ofSegment(segment.name(), key));
        }
    }

    private static @Nullable String text(@Nullable InterfaceName name) {
        return name == null ? null : name.text();
    }

    void commit(PeerRegistry peers, long nowNs) {
        isDone = true;
        Map<String, LiveSegment> live = segments.segments();
        for (LiveSegment old : List.copyOf(live.values())) {
            SegmentSection wanted = next.segments().get(old.section.name());
            if (wanted == null || !old.canBecome(wanted)) {
                segments.remove(old);
            }
        }
        for (SegmentSection wanted : next.segments().values()) {
            LiveSegment old = live.get(wanted.name());
            if (old == null) {
                resources.reclaim(wanted);
                segments.add(wanted, nowNs);
            } else {
                segments.change(old, wanted, nowNs);
            }
        }
        for (NoisePublicKey key : List.copyOf(segments.peers().keySet())) {
            if (!next.members().containsKey(key)) {
                segments.leave(key);
            }
        }
        Map<Segment, List<Port>> joining = new LinkedHashMap<>();
        for (PeerSegments member : next.members().values()) {
            PeerControl control = peers.byKey(member.publicKey());
            if (control != null) {
                segments.join(
                        control,
                        member.segments(),
                        member.vtep(),
                        localVteps.get(member.publicKey()),
                        joining);
            }
        }
        joining.forEach(Segment::addPorts);
    }

    /** Takes back what was prepared, unless it is in force. */
    void close(WorkerFences fences) {
        if (isDone) {
            return;
        }
        isDone = true;
        while (!undos.isEmpty()) {
            try {
                undos.pop().run();
            } catch (DeviceException e) {
                // It is no worse than it would be if it had not been tried.
            }
        }
        for (InterfaceName device : new HashSet<>(resources.openTaps().keySet())) {
            if (!openTaps.contains(device)) {
                resources.closeTap(device, false, fences);
            }
        }
        for (VxlanSocketKey key : new HashSet<>(resources.openSockets().keySet())) {
            if (!openSockets.contains(key)) {
                resources.closeSockets(key);
            }
        }
    }
}
