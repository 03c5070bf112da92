package io.ovl.bench.peer;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.dataplane.peer.AllowedIps;

import org.jspecify.annotations.Nullable;
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

/** One address looked up among the prefixes of few and of many peers, the table's addresses in random order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AllowedIpsBenchmark {
    private static final int PREFIXES_PER_PEER = 10;
    private static final int MASK = (1 << 16) - 1;

    @Param({"10", "1000", "10000"})
    int peers;

    private final AllowedIps<Owner> table = new AllowedIps<>();
    private final int[] ipv4 = new int[MASK + 1];
    private final long[] ipv6High = new long[MASK + 1];
    private int index;

    /** In a peer's place: one object for all of its prefixes. */
    public static final class Owner {}

    /** Each peer has networks of 24 to 32 bits and as many of 56 to 64 bits. */
    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        int count = peers * PREFIXES_PER_PEER;
        int[] networks = new int[count];
        long[] networks6 = new long[count];
        Owner owner = new Owner();
        for (int i = 0; i < count; i++) {
            if (i % PREFIXES_PER_PEER == 0) {
                owner = new Owner();
            }
            networks[i] = 0x0a00_0000 | random.nextInt(1 << 24);
            networks6[i] = 0xfd00L << 48 | random.nextLong() >>> 16;
            put(new IpAddress(false, 0, networks[i]), 24 + i % 9, owner);
            put(new IpAddress(true, networks6[i], 0), 56 + i % 9, owner);
        }
        table.publish();
        for (int i = 0; i <= MASK; i++) {
            ipv4[i] = networks[random.nextInt(count)];
            ipv6High[i] = networks6[random.nextInt(count)];
        }
    }

    @Benchmark
    public @Nullable Owner ipv4() {
        return table.lookupIpv4(ipv4[index++ & MASK]);
    }

    @Benchmark
    public @Nullable Owner ipv6() {
        return table.lookupIpv6(ipv6High[index++ & MASK], 1);
    }

    private void put(IpAddress address, int length, Owner owner) {
        table.put(new IpPrefix(address, length), owner);
    }
}
