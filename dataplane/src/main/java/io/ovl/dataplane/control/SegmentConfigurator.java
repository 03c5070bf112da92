package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.MtuReport;
import io.ovl.config.ctl.SegmentReport;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.Setting;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.l2.FdbEvent;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.LoopGuard;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.WorkerProxy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes segments and their ports while all of it runs, and tells what there is. Sessions are not touched.
 *
 * <p>Once a second it looks after the devices: one that was deleted is made anew, and an MTU that is computed follows
 * the underlay. The kernel is asked only about what may have changed, since there may be a thousand of them.
 *
 * <p>Thread: the conductor.
 */
final class SegmentConfigurator implements SegmentControl, SwitchEvents {
    private static final long LOOK_INTERVAL_NS = 1_000_000_000L;

    /** Half of all ids: the others are for VTEPs that are met, and for what is about to go. */
    private static final int MAX_PORTS = Port.MAX_ID / 2;

    private static final long FENCE_INTERVAL_NS = 5_000_000L;

    private final Clock clock;
    private final SwitchTables tables;
    private final PeerRegistry peers;
    private final SegmentEdges edges;
    private final WorkerFences fences;
    private final SegmentResources resources;
    private final SegmentSwitch segments;
    private final SwitchReporter reporter;
    private final SegmentMtus mtus;
    private final FdbConfigurator fdb;
    private SegmentPlan plan = SegmentPlan.EMPTY;
    private long nextLookNs;

    /** Peers that are no longer configured, and that the plan still has. */
    private final Set<NoisePublicKey> left = new HashSet<>();

    SegmentConfigurator(
            Clock clock,
            SwitchTables tables,
            PeerRegistry peers,
            List<WorkerProxy> workers,
            SegmentEdges edges) {
        this.clock = clock;
        this.tables = tables;
        this.peers = peers;
        this.edges = edges;
        fences = new WorkerFences(workers);
        resources = new SegmentResources(edges, fences);
        segments = new SegmentSwitch(tables, workers, fences, resources);
        reporter = new SwitchReporter(clock, tables, segments);
        fdb = new FdbConfigurator(clock, tables, reporter);
        mtus = new SegmentMtus(peers, edges.routes());
    }

    @Override
    public PreparedUpdate prepare(SegmentUpdate update) throws ControlException {
        SegmentPlan next = plan().with(update);
        tables.vteps().ownAddresses(edges.routes().ownAddresses());
        int ports = next.members().size();
        for (SegmentSection segment : next.segments().values()) {
            checkRemotes(segment);
            ports += 1 + segment.remotes().size();
        }
        if (ports > MAX_PORTS) {
            throw new ControlException(
                    ExitCode.FAILED,
                    "too-many",
                    "that is " + ports + " ports; there can be " + MAX_PORTS);
        }
        mtus.forgetRoutes();
        SegmentChange change =
                new SegmentChange(plan(), next, resources, segments, mtus, edges.routes());
        try {
            change.prepare();
        } catch (ControlException e) {
            change.close(fences);
            throw e;
        }
        return new PreparedUpdate() {
            @Override
            public void commit() {
                change.commit(peers, clock.bootTimeNs());
                left.clear();
                plan = next.onlyWith(peers);
                limitEntries();
                followMtus(mtus.mtus(plan));
            }

            @Override
            public void close() {
                change.close(fences);
            }
        };
    }

    private void checkRemotes(SegmentSection segment) throws ControlException {
        for (UdpAddress remote : segment.remotes()) {
            String refusal = tables.vteps().refusal(remote.ip());
            if (!refusal.isEmpty()) {
                throw new ControlException(
                        ExitCode.INVALID_CONFIG,
                        "invalid-segment",
                        "segment \"" + segment.name() + "\": remote " + remote.ip() + " " + refusal,
                        Setting.ofSegment(segment.name(), "Remote"));
            }
        }
    }

    /** What its segments may hold together, so that none has its entries at the expense of another. */
    private void limitEntries() {
        long most = 0;
        for (SegmentSection segment : plan().segments().values()) {
            most += segment.maxMacs();
        }
        tables.fdb().maxEntries((int) Math.min(most, ForwardingDatabase.MAX_ENTRIES));
    }

    /** Sets TAPs to the MTU that is right now, unless it has been right before: then others may have set another. */
    private void followMtus(Map<String, Integer> wanted) {
        for (LiveSegment live : segments.segments().values()) {
            TapDevice tap = live.tap;
            int mtu = wanted.getOrDefault(live.section.name(), live.wantedMtu);
            if (tap != null && mtu != live.wantedMtu) {
                live.wantedMtu = mtu;
                try {
                    if (tap.mtu() != mtu) {
                        tap.changeMtu(mtu);
                    }
                } catch (DeviceException e) {
                    edges.notices().accept(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** Marks what is sent in the clear from now on. */
    void fwmark(int mark) throws DeviceException {
        resources.fwmark(mark);
    }

    /** A peer is no longer configured. */
    void onPeerRemoved(PeerControl control) {
        NoisePublicKey publicKey = control.peer.publicKey();
        segments.leave(publicKey);
        if (plan.members().containsKey(publicKey)) {
            left.add(publicKey);
        }
    }

    /** What is in force. Peers leave it together: each by itself would cost a copy of it. */
    private SegmentPlan plan() {
        if (!left.isEmpty()) {
            plan = plan.without(left);
            left.clear();
        }
        return plan;
    }

    /** Does what there is to do. Returns how much it was. */
    int poll(long nowNs) {
        int work = fences.poll();
        if (nowNs >= nextLookNs && !segments.segments().isEmpty()) {
            nextLookNs = nowNs + LOOK_INTERVAL_NS;
            look();
            segments.ageVteps(nowNs);
        }
        return work;
    }

    /** When there will be something to do at the latest, in boot time. */
    long nextDeadlineNs() {
        if (fences.isWaiting()) {
            return clock.bootTimeNs() + FENCE_INTERVAL_NS;
        }
        return segments.segments().isEmpty() ? Long.MAX_VALUE : nextLookNs;
    }

    private void look() {
        boolean hasHostChanged = edges.hostChanges().getAsBoolean();
        if (hasHostChanged) {
            mtus.forgetRoutes();
        }
        Map<String, Integer> wanted = mtus.mtus(plan());
        for (LiveSegment live : segments.segments().values()) {
            TapDevice tap = live.tap;
            if (tap == null) {
                makeAnew(live, wanted.getOrDefault(live.section.name(), 0));
            } else if (hasHostChanged || tap.isOutOfSight()) {
                tap.refresh();
                live.segment.ownMac(tap.mac());
            }
        }
        followMtus(wanted);
    }

    private void makeAnew(LiveSegment live, int mtu) {
        try {
            resources.openTap(live.section, mtu);
            segments.attachTap(live, resources.tap(live.section.port().device()));
            edges.notices().accept("segment " + live.section.name() + ": its TAP is back");
        } catch (ControlException e) {
            // Said when it went; it is tried again.
        }
    }

    @Override
    public List<SegmentReport> segments() {
        return reporter.segments();
    }

    @Override
    public List<SegmentSection> sections() {
        return List.copyOf(plan().segments().values());
    }

    @Override
    public @Nullable SegmentSection segment(String nameOrVni) {
        return plan().find(nameOrVni);
    }

    @Override
    public PeerSegments membership(NoisePublicKey publicKey) {
        PeerSegments member = plan().members().get(publicKey);
        return member == null ? new PeerSegments(publicKey, List.of(), null) : member;
    }

    @Override
    public FdbControl fdb() {
        return fdb;
    }

    @Override
    public List<MtuReport> mtus(@Nullable String target, int underlayMtu) throws ControlException {
        List<MtuReport> all = mtus.reports(plan(), underlayMtu);
        if (target == null) {
            return all;
        }
        NoisePublicKey key = NoisePublicKey.parse(target);
        PeerControl byKey = key == null ? null : peers.byKey(key);
        String label = byKey == null ? target : PeerPort.label(byKey);
        List<MtuReport> reports = new ArrayList<>(all);
        reports.removeIf(report -> !report.target().equals(label));
        if (reports.isEmpty()) {
            throw new ControlException(
                    ExitCode.NO_SUCH_OBJECT, "no-such-peer", "no path leads to " + label);
        }
        return reports;
    }

    @Override
    public void onFdbEvent(
            FdbEvent event, int vni, long mac, int vlan, int port, int previousPort) {
        fdb.onFdbEvent(event, vni, mac, vlan, port, previousPort);
    }

    @Override
    public void onVtepMet(Segment segment, UdpAddress vtep) {
        LiveSegment live = segments.byVni(segment.vni());
        if (live != null) {
            // Its source port is a flow's hash; it receives where we do.
            int port = VxlanSocketKey.of(live.section).port();
            segments.addVtep(
                    live,
                    new UdpAddress(vtep.ip(), port, vtep.scopeId()),
                    false,
                    clock.bootTimeNs());
        }
    }

    @Override
    public void onLoop(Segment segment, LoopGuard.Change change) {
        edges.notices()
                .accept(
                        change == LoopGuard.Change.BEGAN
                                ? "segment "
                                        + segment.name()
                                        + " has a loop: its own frames come back; flooding is held"
                                        + " down until that ends"
                                : "segment " + segment.name() + ": the loop is over");
    }

    @Override
    public void onTapGone(int portId) {
        for (LiveSegment live : segments.segments().values()) {
            Port port = live.tapPort;
            if (port != null && port.id() == portId) {
                edges.notices()
                        .accept(
                                "segment "
                                        + live.section.name()
                                        + ": its TAP "
                                        + live.section.port().device()
                                        + " is gone; it will be made anew");
                segments.detachTap(live);
                live.wantedMtu = 0;
                nextLookNs = clock.bootTimeNs() + LOOK_INTERVAL_NS;
            }
        }
    }

    /** Closes every device and socket; the workers have stopped. */
    void close() {
        fences.close();
        resources.close();
    }
}
