package io.ovl.dataplane.control;

import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.path.PeerTarget;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.VtepTarget;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.vxlan.OuterHeaderPolicy;
import io.ovl.dataplane.vxlan.Vtep;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts segments and their ports into the tables of the switch and takes them out again, which cannot fail.
 *
 * <p>A port goes in this order: out of its segments, so that no frame from it is taken and no address behind it is
 * learned; then its entries; then, when every worker has passed a fence and none can still have looked it up, its id is
 * free for another, and what stands behind it is closed.
 *
 * <p>Thread: the conductor.
 */
final class SegmentSwitch {
    private static final int MAX_AGED_AT_ONCE = 16;

    private final SwitchTables tables;
    private final List<WorkerProxy> workers;
    private final WorkerFences fences;
    private final SegmentResources resources;
    private final Map<String, LiveSegment> segments = new LinkedHashMap<>();
    private final Map<Integer, LiveSegment> byVni = new HashMap<>();
    private final Map<NoisePublicKey, PeerPort> peers = new LinkedHashMap<>();
    private final Map<Integer, PeerPort> peersByPort = new HashMap<>();

    SegmentSwitch(
            SwitchTables tables,
            List<WorkerProxy> workers,
            WorkerFences fences,
            SegmentResources resources) {
        this.tables = tables;
        this.workers = List.copyOf(workers);
        this.fences = fences;
        this.resources = resources;
    }

    Map<String, LiveSegment> segments() {
        return segments;
    }

    Map<NoisePublicKey, PeerPort> peers() {
        return peers;
    }

    /** The segment with that VNI, null when there is none. */
    @Nullable LiveSegment byVni(int vni) {
        return byVni.get(vni);
    }

    /** The peer behind a port, null when it is no peer's. */
    @Nullable PeerPort peer(Port port) {
        return peersByPort.get(port.id());
    }

    /** Adds a segment, whose device and sockets are open. */
    void add(SegmentSection section, long nowNs) {
        LiveSegment live = new LiveSegment(section);
        segments.put(section.name(), live);
        byVni.put(section.vni(), live);
        tables.segments().add(live.segment);
        if (live.isClear()) {
            VxlanSockets sockets = resources.sockets(VxlanSocketKey.of(section));
            live.sockets = sockets;
            if (users(VxlanSocketKey.of(section)) == 1) {
                workers.forEach(worker -> worker.addVxlan(sockets));
            }
            for (UdpAddress remote : section.remotes()) {
                addVtep(live, remote, true, nowNs);
            }
        }
        attachTap(live, resources.tap(section.port().device()));
    }

    /** Removes a segment with everything in it. */
    void remove(LiveSegment live) {
        SegmentSection section = live.section;
        tables.segments().remove(live.segment);
        for (Port port : List.copyOf(live.segment.ports())) {
            live.segment.removePort(port);
        }
        tables.fdb().flushSegment(section.vni(), true);
        tables.neighbors().flush(section.vni());
        for (LiveSegment.VtepPort vtep : live.vteps.values()) {
            forget(vtep);
        }
        live.vteps.clear();
        releaseTap(live, section.port().device(), false);
        VxlanSocketKey key = VxlanSocketKey.of(section);
        if (live.isClear() && users(key) == 1) {
            VxlanSockets sockets = resources.sockets(key);
            workers.forEach(worker -> worker.removeVxlan(sockets, () -> {}));
            resources.closeSockets(key);
        }
        segments.remove(section.name());
        byVni.remove(section.vni());
    }

    /** Changes a segment that need not be taken apart for it. */
    void change(LiveSegment live, SegmentSection next, long nowNs) {
        live.section = next;
        live.segment.settings(LiveSegment.settings(next));
        if (!next.suppressesArp()) {
            tables.neighbors().flush(next.vni());
        }
        for (LiveSegment.VtepPort vtep : List.copyOf(live.vteps.values())) {
            boolean stays =
                    vtep.vtep().isConfigured()
                            ? next.remotes().contains(vtep.vtep().address())
                            : next.isOpen() && !isNamed(next, vtep.vtep().address().ip());
            if (!stays) {
                removeVtep(live, vtep);
            }
        }
        for (UdpAddress remote : next.remotes()) {
            if (!live.vteps.containsKey(remote)) {
                addVtep(live, remote, true, nowNs);
            }
        }
    }

    private static boolean isNamed(SegmentSection section, IpAddress ip) {
        return section.remotes().stream().anyMatch(remote -> remote.ip().equals(ip));
    }

    private long users(VxlanSocketKey key) {
        return segments.values().stream()
                .filter(live -> live.isClear() && VxlanSocketKey.of(live.section).equals(key))
                .count();
    }

    /** Connects a segment with its device. */
    void attachTap(LiveSegment live, TapDevice tap) {
        Port port = tables.ports().add(Port.Kind.TAP, tap.name());
        live.tap = tap;
        live.tapPort = port;
        live.segment.ownMac(tap.mac());
        live.segment.addPort(port);
        workers.forEach(worker -> worker.addTap(live.segment, port, tap));
    }

    /** The device is gone: the segment goes on without one. */
    void detachTap(LiveSegment live) {
        Port port = live.tapPort;
        if (port != null) {
            live.segment.removePort(port);
            tables.fdb().flushPort(port.id(), true);
            releaseTap(live, live.section.port().device(), true);
        }
    }

    private void releaseTap(LiveSegment live, InterfaceName device, boolean isGone) {
        Port port = live.tapPort;
        if (port != null) {
            workers.forEach(worker -> worker.removeTap(port, () -> {}));
            fences.after(() -> tables.ports().remove(port));
            resources.closeTap(device, isGone, fences);
        }
        live.tap = null;
        live.tapPort = null;
    }

    /** Adds a remote VTEP; nothing is flooded to one that is not configured. */
    void addVtep(LiveSegment live, UdpAddress address, boolean isConfigured, long nowNs) {
        VxlanSockets sockets = live.sockets;
        if (sockets == null) {
            return;
        }
        Port port = tables.ports().add(Port.Kind.VTEP, address.ip().toString());
        Vtep vtep = new Vtep(live.section.vni(), address, port.id(), isConfigured);
        tables.targets()
                .set(
                        port.id(),
                        new VtepTarget(Endpoint.of(address), OuterHeaderPolicy.DEFAULT, sockets));
        live.vteps.put(address, new LiveSegment.VtepPort(vtep, port, nowNs));
        if (isConfigured) {
            live.segment.addPort(port);
        } else {
            live.segment.addSilentPort(port);
        }
        tables.vteps().add(vtep);
    }

    /**
     * Takes out VTEPs that were met and behind which nothing is known any more, so that those who make up addresses
     * keep nobody out for ever: a few at a time, since each costs a look through the table. One that was taken out too
     * early is met again with its next frame.
     */
    void ageVteps(long nowNs) {
        int count = 0;
        for (LiveSegment live : segments.values()) {
            long ageingNs = live.segment.settings().ageingNs();
            long limitNs = ageingNs == 0 ? SegmentSettings.DEFAULT_AGEING_NS : ageingNs;
            for (LiveSegment.VtepPort vtep : List.copyOf(live.vteps.values())) {
                if (!vtep.vtep().isConfigured()
                        && count < MAX_AGED_AT_ONCE
                        && nowNs - vtep.sinceNs() >= limitNs
                        && !tables.fdb().hasEntries(vtep.port().id())) {
                    removeVtep(live, vtep);
                    count++;
                }
            }
        }
    }

    private void removeVtep(LiveSegment live, LiveSegment.VtepPort vtep) {
        live.vteps.remove(vtep.vtep().address());
        live.segment.removePort(vtep.port());
        tables.fdb().flushPort(vtep.port().id(), true);
        forget(vtep);
    }

    private void forget(LiveSegment.VtepPort vtep) {
        tables.vteps().remove(vtep.vtep());
        forget(vtep.port());
    }

    private void forget(Port port) {
        tables.targets().set(port.id(), null);
        fences.after(() -> tables.ports().remove(port));
    }

    /**
     * Makes a peer a port of those segments and no others.
     *
     * @param joining takes the segments that the caller has yet to add its port to: each publishes its ports whole,
     *     which is better done once than for each
     */
    void join(
            PeerControl control,
            List<String> names,
            @Nullable IpAddress vtep,
            @Nullable IpAddress localVtep,
            Map<Segment, List<Port>> joining) {
        Peer peer = control.peer;
        PeerPort old = peers.get(peer.publicKey());
        Port port =
                old == null
                        ? tables.ports().add(Port.Kind.PEER, PeerPort.label(control))
                        : old.port();
        PeerPort next = new PeerPort(control, port, names, vtep, localVtep);
        if (!next.equals(old)) {
            tables.targets()
                    .set(
                            port.id(),
                            vtep == null || localVtep == null
                                    ? PeerTarget.compact(peer)
                                    : PeerTarget.standard(peer, localVtep, vtep));
            peer.portId(port.id());
            peers.put(peer.publicKey(), next);
            peersByPort.put(port.id(), next);
        }
        for (String name : old == null ? List.<String>of() : old.segments()) {
            LiveSegment live = names.contains(name) ? null : segments.get(name);
            if (live != null && live.segment.hasPort(port.id())) {
                live.segment.removePort(port);
                tables.fdb().flushPortInSegment(live.section.vni(), port.id(), true);
            }
        }
        for (String name : names) {
            LiveSegment live = segments.get(name);
            if (live != null && !live.segment.hasPort(port.id())) {
                joining.computeIfAbsent(live.segment, _ -> new ArrayList<>()).add(port);
            }
        }
    }

    /** Takes a peer out of all segments. */
    void leave(NoisePublicKey publicKey) {
        PeerPort left = peers.get(publicKey);
        if (left == null) {
            return;
        }
        Port port = left.port();
        left.control().peer.portId(Port.NONE);
        for (String name : left.segments()) {
            LiveSegment live = segments.get(name);
            if (live != null) {
                live.segment.removePort(port);
            }
        }
        tables.fdb().flushPort(port.id(), true);
        peers.remove(publicKey);
        peersByPort.remove(port.id());
        forget(port);
    }
}
