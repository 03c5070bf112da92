package io.ovl.bench.l2;

import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.Observation;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.PortTable;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.l2.SegmentTable;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * One frame's look at the forwarding database: its destination, and its source; known addresses in random order, or
 * unknown ones.
 *
 * <p>Addresses and ports are reckoned and not looked up: what misses the cache is the database and nothing else.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardingDatabaseBenchmark {
    private static final int VNI = 10;
    private static final int LIMIT = 200_000;
    private static final int PORTS = 16;
    private static final long LOCAL_BIT = 0x0200_0000_0000L;

    @Param({"10", "1000", "100000"})
    int entries;

    private final SegmentTable segments = new SegmentTable();
    private final Segment segment =
            new Segment(
                    "lan",
                    VNI,
                    new SegmentSettings(0, LIMIT, true, false, false, false, 0, 0, false));
    private final ForwardingDatabase fdb =
            new ForwardingDatabase(segments, LIMIT, 0x5eed_1234_5678_9abcL, FdbEvents.NONE);
    private int firstPort;
    private long random = 1;

    @Setup
    public void setUp() {
        PortTable table = new PortTable();
        Port[] members = new Port[PORTS];
        segments.add(segment);
        for (int i = 0; i < PORTS; i++) {
            members[i] = table.add(Port.Kind.PEER, "peer" + i);
            segment.addPort(members[i]);
        }
        firstPort = members[0].id();
        if (members[PORTS - 1].id() != firstPort + PORTS - 1) {
            throw new IllegalStateException("ports are not in a row");
        }
        for (int i = 0; i < entries; i++) {
            fdb.learn(VNI, mac(i), 0, members[i % PORTS].id(), 0);
        }
        if (fdb.learnedCount() != entries) {
            throw new IllegalStateException("learned " + fdb.learnedCount());
        }
    }

    /** Any of the entries: the upper bits of a linear congruential generator. */
    private int nextEntry() {
        random = random * 0x5851_f42d_4c95_7f2dL + 1;
        return (int) ((random >>> 33) * entries >>> 31);
    }

    /** Different for each index, and in no order that a hash table would like. */
    private static long mac(int i) {
        return LOCAL_BIT | (i * 0x9e37_79b9L & 0xffff_ffffL);
    }

    @Benchmark
    public int lookup() {
        return fdb.lookup(segment, mac(nextEntry()), 0);
    }

    @Benchmark
    public int lookupUnknown() {
        return fdb.lookup(segment, mac(nextEntry()), 7);
    }

    @Benchmark
    public Observation observe() {
        int entry = nextEntry();
        return fdb.observe(segment, mac(entry), 0, firstPort + entry % PORTS, 1);
    }
}
