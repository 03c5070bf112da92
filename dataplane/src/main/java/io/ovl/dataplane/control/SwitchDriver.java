package io.ovl.dataplane.control;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.l2.LoopGuard;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.path.SwitchTables;

/**
 * Does for the switch what is not carrying frames: enters into its tables what the workers have seen, and lets it age.
 *
 * <p>Thread: the conductor, but for {@link #tables}, which are what each of them says.
 */
public final class SwitchDriver implements LearnHandler {
    private static final long SWEEP_INTERVAL_NS = 100_000_000L;
    private static final int LEARN_LIMIT = 256;
    private static final int NEIGHBORS_PER_SWEEP = 512;

    private final SwitchTables tables;
    private SwitchEvents events = SwitchEvents.NONE;
    private long nextSweepNs = Long.MIN_VALUE;

    public SwitchDriver(RandomSource random) {
        tables =
                SwitchTables.empty(
                        random,
                        this,
                        (event, vni, mac, vlan, port, previousPort) ->
                                events.onFdbEvent(event, vni, mac, vlan, port, previousPort));
    }

    public SwitchTables tables() {
        return tables;
    }

    /** Tells another from now on what happens. */
    public void events(SwitchEvents value) {
        events = value;
    }

    /** Does what there is to do. Returns how much it was. */
    public int poll(long nowNs) {
        int work = tables.learnRing().drain(LEARN_LIMIT);
        if (nowNs >= nextSweepNs && !tables.segments().segments().isEmpty()) {
            nextSweepNs = nowNs + SWEEP_INTERVAL_NS;
            work += tables.fdb().sweep(nowNs);
            work += tables.neighbors().sweep(NEIGHBORS_PER_SWEEP, nowNs);
            for (Segment segment : tables.segments().segments()) {
                LoopGuard.Change change = segment.loopGuard().poll(nowNs);
                if (change != LoopGuard.Change.NONE) {
                    events.onLoop(segment, change);
                }
            }
        }
        return work;
    }

    /** When there will be something to do at the latest, in boot time. */
    public long nextDeadlineNs() {
        return tables.segments().segments().isEmpty() ? Long.MAX_VALUE : nextSweepNs;
    }

    /** A worker has found that a TAP is gone. */
    void onTapGone(int portId) {
        events.onTapGone(portId);
    }

    @Override
    public void onMac(int vni, long mac, int vlan, int port, long seenNs) {
        tables.fdb().learn(vni, mac, vlan, port, seenNs);
    }

    @Override
    public void onNeighbor(
            int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow, long link, long seenNs) {
        if (tables.segments().segment(vni) != null) {
            tables.neighbors().learn(vni, vlan, isIpv6, ipHigh, ipLow, link, seenNs);
        }
    }

    @Override
    public void onVtep(int vni, boolean isIpv6, long ipHigh, long ipLow, int udpPort, long seenNs) {
        Segment segment = tables.segments().segment(vni);
        IpAddress ip = new IpAddress(isIpv6, ipHigh, ipLow);
        if (segment != null && segment.settings().open() && tables.vteps().mayMeet(vni, ip)) {
            events.onVtepMet(segment, new UdpAddress(ip, udpPort, 0));
        }
    }
}
