package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.FdbEventReport;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.NeighborReport;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.l2.FdbEvent;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.MacText;
import io.ovl.dataplane.path.SwitchTables;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Consumer;

/**
 * Changes the entries of the switch's tables in the words of the control servers, and tells watchers what happens to
 * them.
 *
 * <p>Thread: the conductor.
 */
final class FdbConfigurator implements FdbControl, FdbEvents {
    private final Clock clock;
    private final SwitchTables tables;
    private final SwitchReporter reporter;
    private final FdbWatchers watchers = new FdbWatchers();

    FdbConfigurator(Clock clock, SwitchTables tables, SwitchReporter reporter) {
        this.clock = clock;
        this.tables = tables;
        this.reporter = reporter;
    }

    @Override
    public FdbSnapshot snapshot(FdbQuery query) throws ControlException {
        return reporter.fdb(query);
    }

    @Override
    public @Nullable FdbReport entry(FdbAddress address) throws ControlException {
        return reporter.fdbEntry(vni(address), address.mac(), address.vlan());
    }

    @Override
    public void add(FdbAddress address, String kind, String port, boolean replaces)
            throws ControlException {
        LiveSegment live = reporter.segment(address.segment());
        int vni = live.section.vni();
        FdbQuery where = new FdbQuery(live.section.name(), vni, kind, port, null, null);
        int portId = reporter.ports(reporter.select(where)).getFirst().portId();
        long nowNs = clock.bootTimeNs();
        if (address.mac() == live.segment.ownMac()) {
            throw new ControlException(
                    ExitCode.CONFLICT,
                    "own-address",
                    MacText.format(address.mac()) + " is the address of the TAP itself");
        }
        if (tables.fdb().staticCount() >= ForwardingDatabase.MAX_STATIC_ENTRIES) {
            throw new ControlException(
                    ExitCode.FAILED, "too-many", "there are too many static entries already");
        }
        if (replaces) {
            tables.fdb().replaceStatic(vni, address.mac(), address.vlan(), portId, nowNs);
        } else if (!tables.fdb().addStatic(vni, address.mac(), address.vlan(), portId, nowNs)) {
            throw new ControlException(
                    ExitCode.CONFLICT, "exists", "there is a static entry of that address already");
        }
    }

    @Override
    public boolean delete(FdbAddress address) throws ControlException {
        return tables.fdb().delete(vni(address), address.mac(), address.vlan());
    }

    @Override
    public int flush(FdbQuery query, boolean withStatic) throws ControlException {
        SwitchReporter.Selection selection = reporter.select(query);
        if (selection.kind() == null) {
            return selection.vni() < 0
                    ? tables.fdb().flush(withStatic)
                    : tables.fdb().flushSegment(selection.vni(), withStatic);
        }
        int flushed = 0;
        for (SwitchReporter.SegmentPortId port : reporter.ports(selection)) {
            flushed += tables.fdb().flushPortInSegment(port.vni(), port.portId(), withStatic);
        }
        return flushed;
    }

    @Override
    public Runnable watch(FdbQuery query, Consumer<FdbEventReport> watcher)
            throws ControlException {
        SwitchReporter.Selection selection = reporter.select(query);
        return watchers.add(
                event -> selection.fits(event.vni(), event.kind(), event.port()), watcher);
    }

    @Override
    public List<NeighborReport> neighbors(FdbQuery query) throws ControlException {
        return reporter.neighbors(query);
    }

    @Override
    public int flushNeighbors(FdbQuery query) throws ControlException {
        return tables.neighbors().flush(reporter.select(query).vni());
    }

    @Override
    public void onFdbEvent(
            FdbEvent event, int vni, long mac, int vlan, int port, int previousPort) {
        if (!watchers.isEmpty()) {
            watchers.tell(reporter.event(event, vni, mac, vlan, port, previousPort));
        }
    }

    private int vni(FdbAddress address) throws ControlException {
        return reporter.segment(address.segment()).section.vni();
    }
}
