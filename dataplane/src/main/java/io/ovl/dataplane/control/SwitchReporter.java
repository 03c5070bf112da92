package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.FdbEventReport;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.NeighborReport;
import io.ovl.config.ctl.SegmentReport;
import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.l2.FdbEvent;
import io.ovl.dataplane.l2.MacText;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.path.SwitchTables;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the switch's tables hold, with the names that people know segments and ports by.
 *
 * <p>Thread: the conductor.
 */
final class SwitchReporter {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Clock clock;
    private final SwitchTables tables;
    private final SegmentSwitch segments;

    SwitchReporter(Clock clock, SwitchTables tables, SegmentSwitch segments) {
        this.clock = clock;
        this.tables = tables;
        this.segments = segments;
    }

    List<SegmentReport> segments() {
        List<SegmentReport> reports = new ArrayList<>();
        for (LiveSegment live : segments.segments().values()) {
            TapDevice tap = live.tap;
            List<String> peers =
                    live.segment.ports().stream()
                            .filter(port -> port.kind() == Port.Kind.PEER)
                            .map(this::label)
                            .toList();
            reports.add(
                    SegmentReport.of(
                            live.section,
                            tap == null ? 0 : tap.mtu(),
                            tables.fdb().learnedCountOfSegment(live.section.vni()),
                            peers,
                            tap == null
                                    ? List.of()
                                    : tap.offloads().stream().map(Offload::label).toList(),
                            live.segment.loopGuard().isLooping(clock.bootTimeNs())));
        }
        return reports;
    }

    /** The entries that a query fits. */
    FdbSnapshot fdb(FdbQuery query) throws ControlException {
        Selection selection = select(query);
        List<FdbSnapshot.Row> rows = new ArrayList<>();
        Map<Long, FdbSnapshot.Place> places = new HashMap<>();
        tables.fdb()
                .forEach(
                        (vni, mac, vlan, portId, state, ageNs) -> {
                            FdbSnapshot.Place place =
                                    places.computeIfAbsent(
                                            (long) vni << Integer.SIZE | portId,
                                            _ -> place(vni, portId));
                            if (selection.fits(vni, place.kind(), place.port())
                                    && (query.vlan() == null || query.vlan() == vlan)
                                    && (query.state() == null
                                            || query.state().equals(state.label()))) {
                                rows.add(new FdbSnapshot.Row(vni, mac, vlan, place, state, ageNs));
                            }
                        },
                        clock.bootTimeNs());
        return new FdbSnapshot(rows);
    }

    @Nullable FdbReport fdbEntry(int vni, long mac, int vlan) {
        List<FdbSnapshot.Row> found = new ArrayList<>(1);
        tables.fdb()
                .find(
                        vni,
                        mac,
                        vlan,
                        (v, m, l, port, state, ageNs) ->
                                found.add(
                                        new FdbSnapshot.Row(v, m, l, place(v, port), state, ageNs)),
                        clock.bootTimeNs());
        return found.isEmpty() ? null : found.getFirst().report();
    }

    private FdbSnapshot.Place place(int vni, int portId) {
        Port port = tables.ports().port(portId);
        return new FdbSnapshot.Place(segmentName(vni), kind(port), label(port));
    }

    FdbEventReport event(
            FdbEvent event, int vni, long mac, int vlan, int portId, int previousPortId) {
        Port port = tables.ports().port(portId);
        Port previous = previousPortId == Port.NONE ? null : tables.ports().port(previousPortId);
        return new FdbEventReport(
                clock.wallTime(),
                event.label(),
                MacText.format(mac),
                vni,
                segmentName(vni),
                vlan,
                kind(port),
                label(port),
                previous == null ? null : kind(previous),
                previous == null ? null : label(previous),
                0);
    }

    List<NeighborReport> neighbors(FdbQuery query) throws ControlException {
        Selection selection = select(query);
        List<NeighborReport> neighbors = new ArrayList<>();
        tables.neighbors()
                .forEach(
                        (vni, vlan, isIpv6, high, low, mac, isRouter, ageNs) -> {
                            if (selection.vni < 0 || selection.vni == vni) {
                                neighbors.add(
                                        new NeighborReport(
                                                new IpAddress(isIpv6, high, low).toString(),
                                                MacText.format(mac),
                                                vni,
                                                segmentName(vni),
                                                vlan,
                                                isRouter,
                                                ageNs / SECOND_NS));
                            }
                        },
                        clock.bootTimeNs());
        neighbors.sort(
                Comparator.comparingInt(NeighborReport::vni).thenComparing(NeighborReport::ip));
        return neighbors;
    }

    /** What a query means now: its segment and port exist. */
    Selection select(FdbQuery query) throws ControlException {
        int vni =
                query.segment() == null && query.vni() == null ? -1 : segment(query).section.vni();
        if (query.kind() == null || query.port() == null) {
            return new Selection(vni, null, "");
        }
        Selection selection =
                new Selection(vni, query.kind(), normalized(query.kind(), query.port()));
        if (ports(selection).isEmpty()) {
            throw new ControlException(
                    ExitCode.NO_SUCH_OBJECT,
                    "no-such-port",
                    "no segment"
                            + (vni < 0 ? "" : " with VNI " + vni)
                            + " has the port "
                            + query.kind()
                            + " "
                            + query.port());
        }
        return selection;
    }

    /** The segment of a query that has one. */
    LiveSegment segment(FdbQuery query) throws ControlException {
        LiveSegment live =
                query.segment() != null
                        ? segments.segments().get(query.segment())
                        : query.vni() == null ? null : segments.byVni(query.vni());
        if (live == null) {
            throw SegmentPlan.noSuchSegment(
                    query.segment() != null ? query.segment() : "with VNI " + query.vni());
        }
        return live;
    }

    /** The ports that a selection means, each in its segment. */
    List<SegmentPortId> ports(Selection selection) {
        List<SegmentPortId> ports = new ArrayList<>();
        for (LiveSegment live : segments.segments().values()) {
            int vni = live.section.vni();
            for (Port port : live.segment.ports()) {
                if (selection.fits(vni, port.kind().label(), label(port))) {
                    ports.add(new SegmentPortId(vni, port.id()));
                }
            }
        }
        return ports;
    }

    /** A peer may be named by its key, and an address be written in several ways. */
    private String normalized(String kind, String port) {
        if (kind.equals(Port.Kind.VTEP.label())) {
            IpAddress ip = IpAddress.parse(port);
            return ip == null ? port : ip.toString();
        }
        for (PeerPort peer : segments.peers().values()) {
            if (peer.control().peer.publicKey().base64().equals(port)) {
                return peer.label();
            }
        }
        return port;
    }

    private String segmentName(int vni) {
        LiveSegment live = segments.byVni(vni);
        return live == null ? "" : live.section.name();
    }

    private static String kind(@Nullable Port port) {
        return port == null ? "" : port.kind().label();
    }

    private String label(@Nullable Port port) {
        if (port == null) {
            return "";
        }
        PeerPort peer = segments.peer(port);
        return peer == null ? port.name() : peer.label();
    }

    /** A port in one of its segments. */
    record SegmentPortId(int vni, int portId) {}

    /**
     * Which entries are meant, in the words of the reports.
     *
     * @param vni negative: of any segment
     * @param kind null: of any port
     */
    record Selection(int vni, @Nullable String kind, String port) {
        boolean fits(int otherVni, String otherKind, String otherPort) {
            return (vni < 0 || vni == otherVni)
                    && (kind == null || kind.equals(otherKind) && port.equals(otherPort));
        }
    }
}
