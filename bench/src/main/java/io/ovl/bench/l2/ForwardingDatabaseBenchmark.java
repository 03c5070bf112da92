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

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One frame's look at the forwarding database: its destination, and its source; known addresses in random order, or unknown ones. */
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
    private static final int MASK = (1 << 16) - 1;
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
    private final long[] macs = new long[MASK + 1];
    private final int[] ports = new int[MASK + 1];
    private int index;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        PortTable table = new PortTable();
        Port[] members = new Port[PORTS];
        segments.add(segment);
        for (int i = 0; i < PORTS; i++) {
            members[i] = table.add(Port.Kind.PEER, "peer" + i);
            segment.addPort(members[i]);
        }
        for (int i = 0; i < entries; i++) {
            fdb.learn(VNI, mac(i), 0, members[i % PORTS].id(), 0);
        }
        if (fdb.learnedCount() != entries) {
            throw new IllegalStateException("learned " + fdb.learnedCount());
        }
        for (int i = 0; i <= MASK; i++) {
            int chosen = random.nextInt(entries);
            macs[i] = mac(chosen);
            ports[i] = members[chosen % PORTS].id();
        }
    }

    /** Different for each index, and in no order that a hash table would like. */
    private static long mac(int i) {
        return LOCAL_BIT | (i * 0x9e37_79b9L & 0xffff_ffffL);
    }

    @Benchmark
    public int lookup() {
        return fdb.lookup(segment, macs[index++ & MASK], 0);
    }

    @Benchmark
    public int lookupUnknown() {
        return fdb.lookup(segment, macs[index++ & MASK], 7);
    }

    @Benchmark
    public Observation observe() {
        int at = index++ & MASK;
        return fdb.observe(segment, macs[at], 0, ports[at], 1);
    }
}
