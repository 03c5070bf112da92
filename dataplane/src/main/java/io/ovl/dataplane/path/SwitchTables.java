package io.ovl.dataplane.path;

import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.l2.LearnRing;
import io.ovl.dataplane.l2.NeighborTable;
import io.ovl.dataplane.l2.PortTable;
import io.ovl.dataplane.l2.SegmentTable;
import io.ovl.dataplane.vxlan.VtepTable;

/**
 * The tables of the switch, which every worker reads and the conductor writes, and the ring by which workers say what
 * they have seen.
 *
 * <p>Thread: any, as each table says.
 */
public record SwitchTables(
        SegmentTable segments,
        PortTable ports,
        ForwardingDatabase fdb,
        NeighborTable neighbors,
        VtepTable vteps,
        TunnelTargets targets,
        LearnRing learnRing) {
    /** A neighbour that nobody has heard of for as long as a MAC address ages by default is not answered for. */
    private static final long NEIGHBOR_AGEING_NS = 300_000_000_000L;

    /**
     * Empty tables.
     *
     * @param learnHandler takes what workers have seen, on the conductor
     */
    public static SwitchTables empty(
            RandomSource random, LearnHandler learnHandler, FdbEvents events) {
        SegmentTable segments = new SegmentTable();
        return new SwitchTables(
                segments,
                new PortTable(),
                new ForwardingDatabase(
                        segments, ForwardingDatabase.DEFAULT_MAX_ENTRIES, nextLong(random), events),
                new NeighborTable(
                        NeighborTable.DEFAULT_CAPACITY, NEIGHBOR_AGEING_NS, nextLong(random)),
                new VtepTable(),
                new TunnelTargets(),
                new LearnRing(learnHandler));
    }

    private static long nextLong(RandomSource random) {
        return (long) random.nextInt() << 32 | random.nextInt() & 0xffff_ffffL;
    }
}
