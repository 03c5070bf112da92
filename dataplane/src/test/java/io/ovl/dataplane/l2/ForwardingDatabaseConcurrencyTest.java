package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Readers on other threads while the writer churns: what is there throughout is found throughout, and nothing else's
 * port is.
 */
class ForwardingDatabaseConcurrencyTest {
    private static final int STABLE = 200;
    private static final long STABLE_MAC = 0x0200_0001_0000L;
    private static final long CHURN_MAC = 0x0200_0002_0000L;
    private static final long PASSING_MAC = 0x0200_0003_0000L;
    private static final int PASSING = 2_000;

    @Test
    void shouldFindEveryStableEntryWhileOthersComeAndGo() throws Exception {
        SegmentFixture fixture = new SegmentFixture(4_000);
        Segment[] segments = {
            fixture.segment(1, SegmentSettings.DEFAULT), fixture.segment(2, SegmentSettings.DEFAULT)
        };
        ForwardingDatabase fdb =
                new ForwardingDatabase(fixture.segments, 4_000, 99, FdbEvents.NONE);
        Port stable = fixture.peer(segments);
        Port[] churn = {fixture.peer(segments), fixture.peer(segments)};
        for (int i = 0; i < STABLE; i++) {
            fdb.addStatic(1, STABLE_MAC + i, 0, stable.id(), 0);
        }
        AtomicBoolean isDone = new AtomicBoolean();
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        CountDownLatch readersRun = new CountDownLatch(3);
        List<Thread> readers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int seed = t;
            readers.add(
                    Thread.ofPlatform()
                            .start(
                                    () ->
                                            read(
                                                    fdb,
                                                    segments,
                                                    stable,
                                                    churn,
                                                    isDone,
                                                    faults,
                                                    readersRun,
                                                    seed)));
        }
        readersRun.await();
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 600_000 && faults.isEmpty(); i++) {
            // VNI 2 only ever learns from churn[1], VNI 1 from churn[0]: a reader can tell a
            // mixed-up entry.
            int vni = 1 + random.nextInt(2);
            long mac = CHURN_MAC + random.nextInt(300);
            if (random.nextInt(4) == 0) {
                fdb.delete(vni, mac, 0);
            } else {
                fdb.learn(vni, mac, 0, churn[vni - 1].id(), i);
            }
            if (i % 10_000 == 0) {
                growAndShrink(fdb, churn);
            }
        }
        isDone.set(true);
        for (Thread reader : readers) {
            reader.join();
        }

        assertThat(faults).isEmpty();
    }

    private static void growAndShrink(ForwardingDatabase fdb, Port[] churn) {
        int before = fdb.capacity();
        for (int i = 0; i < PASSING; i++) {
            fdb.learn(1, PASSING_MAC + i, 0, churn[0].id(), 0);
        }
        int grown = fdb.capacity();
        for (Port port : churn) {
            fdb.flushPort(port.id(), false);
        }
        fdb.sweep(0);
        assertThat(grown).isGreaterThan(Math.max(before, fdb.capacity()));
    }

    private static void read(
            ForwardingDatabase fdb,
            Segment[] segments,
            Port stable,
            Port[] churn,
            AtomicBoolean isDone,
            Queue<String> faults,
            CountDownLatch readersRun,
            int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        while (!isDone.get()) {
            int i = random.nextInt(STABLE);
            if (fdb.lookup(segments[0], STABLE_MAC + i, 0) != stable.id()) {
                faults.add("stable entry " + i + " was not found");
            }
            int at = random.nextInt(2);
            long mac = CHURN_MAC + random.nextInt(300);
            int port = fdb.lookup(segments[at], mac, 0);
            if (port != Port.NONE && port != churn[at].id()) {
                faults.add("VNI " + segments[at].vni() + " answered with port " + port);
            }
            Observation observation =
                    fdb.observe(segments[at], mac, 0, churn[at].id(), 2_000_000_000L);
            if (observation.dropReason() != null) {
                faults.add("observed " + observation);
            }
            readersRun.countDown();
        }
    }
}
