package io.ovl.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Packets are looked up while the conductor changes the table: they see one published state after another, each of them
 * whole.
 */
class AllowedIpsConcurrencyTest {
    private static final int GENERATIONS = 2_000;
    private static final int NETWORKS = 64;
    private static final int READERS = 3;

    private final AllowedIps<Integer> table = new AllowedIps<>();
    private final AtomicBoolean isDone = new AtomicBoolean();
    private final CountDownLatch readersRun = new CountDownLatch(READERS);
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** Each generation takes all networks over from the one before; around them other prefixes come and go. */
    @Test
    void shouldShowOneWholeStateAfterAnother() throws InterruptedException {
        takeOver(0);
        List<Thread> readers = new ArrayList<>();
        for (int seed = 0; seed < READERS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            readers.add(Thread.ofPlatform().start(() -> read(random)));
        }
        readersRun.await();
        SplittableRandom random = new SplittableRandom(READERS);
        for (int generation = 1; generation < GENERATIONS && faults.isEmpty(); generation++) {
            for (int i = 0; i < 16; i++) {
                IpPrefix other =
                        new IpPrefix(other(random.nextInt(1 << 16)), random.nextInt(17, 33));
                if (random.nextBoolean()) {
                    table.put(other, -1);
                } else {
                    table.remove(other, -1);
                }
            }
            takeOver(generation);
        }
        isDone.set(true);
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(faults).isEmpty();
    }

    /**
     * The longer prefix comes and goes, and with it so many others that nodes are laid out anew: the shorter one shows,
     * never nothing.
     */
    @Test
    void shouldShowOldOrNewOwnerOfOneAddress() throws InterruptedException {
        IpAddress address = ipv4(1, 1);
        table.put(new IpPrefix(address, 8), 1);
        table.publish();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    readersRun.countDown();
                                    while (!isDone.get()) {
                                        Integer found = table.lookup(address);
                                        if (found == null || found != 1 && found != 2) {
                                            faults.add("found " + found);
                                        }
                                    }
                                });
        for (int generation = 1; generation < GENERATIONS && faults.isEmpty(); generation++) {
            table.put(new IpPrefix(address, 16 + generation % 17), 2);
            for (int i = 0; i < generation % 64; i++) {
                table.put(new IpPrefix(ipv4(1, 256 + generation + i * 131), 32), 3);
            }
            table.publish();
            table.removeAll(2);
            table.removeAll(3);
            table.publish();
        }
        isDone.set(true);
        reader.join();

        assertThat(faults).isEmpty();
    }

    private void takeOver(int generation) {
        for (int i = 0; i < NETWORKS; i++) {
            table.put(new IpPrefix(ipv4(i, 0), 16), generation);
            table.put(new IpPrefix(new IpAddress(true, 0xfd00L << 48 | i, 0), 64), generation);
        }
        table.publish();
    }

    private void read(SplittableRandom random) {
        int latestIpv4 = 0;
        int latestIpv6 = 0;
        readersRun.countDown();
        while (!isDone.get()) {
            int network = random.nextInt(NETWORKS);
            latestIpv4 =
                    notBefore(latestIpv4, table.lookup(ipv4(network, random.nextInt(1 << 16))));
            latestIpv6 =
                    notBefore(
                            latestIpv6,
                            table.lookupIpv6(0xfd00L << 48 | network, random.nextLong()));
        }
    }

    private int notBefore(int latest, @Nullable Integer found) {
        if (found == null || found < latest) {
            faults.add("found " + found + " after " + latest);
            return latest;
        }
        return found;
    }

    private static IpAddress ipv4(int network, int host) {
        return new IpAddress(false, 0, 10L << 24 | (long) network << 16 | host);
    }

    /** Beside the networks, in a part of the tree that they share branches with. */
    private static IpAddress other(int host) {
        return ipv4(NETWORKS, host);
    }
}
