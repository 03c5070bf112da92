package io.ovl.bench.l2;

import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.l2.LearnRing;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * A burst of new source addresses through the ring from a worker to the conductor, by one thread. Times are per
 * address.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LearnRingBenchmark {
    private static final int BURST = 64;

    private final Sum sum = new Sum();
    private final LearnRing ring = new LearnRing(sum);

    @Benchmark
    @OperationsPerInvocation(BURST)
    public long offerAndDrain() {
        for (int i = 0; i < BURST; i++) {
            if (!ring.offerMac(10, i, 0, 1, i)) {
                throw new IllegalStateException("the ring is full");
            }
        }
        ring.drain(BURST);
        return sum.value;
    }

    private static final class Sum implements LearnHandler {
        private long value;

        @Override
        public void onMac(int vni, long mac, int vlan, int port, long seenNs) {
            value += mac;
        }

        @Override
        public void onNeighbor(
                int vni,
                int vlan,
                boolean isIpv6,
                long ipHigh,
                long ipLow,
                long link,
                long seenNs) {
            value++;
        }

        @Override
        public void onVtep(
                int vni, boolean isIpv6, long ipHigh, long ipLow, int udpPort, long seenNs) {
            value++;
        }
    }
}
