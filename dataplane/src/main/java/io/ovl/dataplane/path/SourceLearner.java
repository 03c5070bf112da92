package io.ovl.dataplane.path;

import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.LearnFilter;
import io.ovl.dataplane.l2.LearnRing;
import io.ovl.dataplane.l2.Observation;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

/**
 * The step <b>learn</b> of both switch paths: judges where a frame comes from, and tells the conductor what is new.
 *
 * <p>Thread: its worker. Drops: INVALID_SOURCE_MAC, FDB_STATIC_CONFLICT, FDB_HELD.
 */
final class SourceLearner {
    private final ForwardingDatabase fdb;
    private final LearnRing ring;
    private final LearnFilter filter = new LearnFilter();
    private final ConductorProxy conductor;
    private final WorkerCounters counters;

    SourceLearner(SwitchTables tables, ConductorProxy conductor, WorkerCounters counters) {
        fdb = tables.fdb();
        ring = tables.learnRing();
        this.conductor = conductor;
        this.counters = counters;
    }

    /** Whether the frame may pass; if not, it has been counted. */
    boolean accept(Segment segment, long source, int vlan, int portId, long nowNs) {
        Observation observation = fdb.observe(segment, source, vlan, portId, nowNs);
        if (observation == Observation.NEEDS_LEARNING
                && filter.shouldOffer(segment.vni(), source, vlan, portId, nowNs)) {
            if (ring.offerMac(segment.vni(), source, vlan, portId, nowNs)) {
                conductor.wake();
            } else {
                counters.add(WorkerCounter.LEARN_RING_FULL, 1);
            }
        }
        DropReason reason = observation.dropReason();
        if (reason != null) {
            counters.drop(reason);
        }
        return reason == null;
    }

    /** Tells the conductor of a VTEP that nobody has configured, in a segment that is open. */
    void meet(Segment segment, boolean isIpv6, long ipHigh, long ipLow, int udpPort, long nowNs) {
        if (ring.offerVtep(segment.vni(), isIpv6, ipHigh, ipLow, udpPort, nowNs)) {
            conductor.wake();
        } else {
            counters.add(WorkerCounter.LEARN_RING_FULL, 1);
        }
    }
}
