package io.ovl.dataplane.l2;

import java.util.ArrayList;
import java.util.List;

/** Segments with a TAP and tunnel ports around one forwarding database, and what it reported. */
final class SegmentFixture implements FdbEvents {
    static final long SECOND = 1_000_000_000L;
    static final long OWN_MAC = 0x0200_0000_00ffL;

    final PortTable ports = new PortTable();
    final SegmentTable segments = new SegmentTable();
    final List<String> events = new ArrayList<>();
    final ForwardingDatabase fdb;

    SegmentFixture(int maxEntries) {
        fdb = new ForwardingDatabase(segments, maxEntries, 0x5eed_1234_5678_9abcL, this);
    }

    Segment segment(int vni, SegmentSettings settings) {
        Segment segment = new Segment("s" + vni, vni, settings);
        segments.add(segment);
        return segment;
    }

    Port tap(Segment segment) {
        Port port = ports.add(Port.Kind.TAP, "tap-" + segment.name());
        segment.addPort(port);
        segment.ownMac(OWN_MAC);
        return port;
    }

    Port peer(Segment... memberOf) {
        Port port = ports.add(Port.Kind.PEER, "peer");
        for (Segment segment : memberOf) {
            segment.addPort(port);
        }
        return port;
    }

    /** A frame as a worker and the conductor take it together. */
    Observation frame(Segment segment, long mac, int vlan, Port port, long nowNs) {
        Observation observation = fdb.observe(segment, mac, vlan, port.id(), nowNs);
        if (observation == Observation.NEEDS_LEARNING) {
            fdb.learn(segment.vni(), mac, vlan, port.id(), nowNs);
        }
        return observation;
    }

    /** Sweeps the whole table. */
    void sweepAll(long nowNs) {
        for (int i = 0; i < 10; i++) {
            fdb.sweep(nowNs + i * 100_000_000L);
        }
    }

    static SegmentSettings ageing(long ageingNs) {
        return new SegmentSettings(ageingNs, 8192, true, false, false, false, 0, 0, false);
    }

    static SegmentSettings maxMacs(int maxMacs) {
        return new SegmentSettings(0, maxMacs, true, false, false, false, 0, 0, false);
    }

    static SegmentSettings notLearning() {
        return new SegmentSettings(0, 8192, false, false, false, false, 0, 0, false);
    }

    @Override
    public void onFdbEvent(
            FdbEvent event, int vni, long mac, int vlan, int port, int previousPort) {
        events.add(
                event.label()
                        + " "
                        + vni
                        + " "
                        + Long.toHexString(mac)
                        + " "
                        + vlan
                        + " "
                        + previousPort
                        + ">"
                        + port);
    }
}
