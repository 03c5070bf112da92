package io.ovl.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadProviders;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.ManualClock;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Many TAPs that always have something: none is forgotten, and neither are the TUN and the sockets. */
class TapFairnessTest {
    private static final int TAPS = 100;
    private static final int ALWAYS = 1_000_000;

    /** Of the TUN, of TAPs that are busy, and of eight that may be. */
    private static final int MOST_READS_PER_CYCLE = 16 + 128 + 128;

    private final WorkerBench bench =
            new WorkerBench(AeadProviders.select(""), new ManualClock(1), 1, 0);
    private final List<RepeatingDevice> taps = new ArrayList<>();

    @AfterEach
    void close() {
        bench.close();
    }

    /** A segment of which nobody else is: what it reads, it drops. */
    private void addTap(int index) {
        RepeatingDevice tap = new RepeatingDevice();
        Port port = bench.switchDriver.tables().ports().add(Port.Kind.TAP, "tap" + index);
        Segment segment = new Segment("busy" + index, 1000 + index, SegmentSettings.DEFAULT);
        segment.addPort(port);
        bench.proxy().addTap(segment, port, tap);
        taps.add(tap);
    }

    private static UnsafeBuffer frame() {
        UnsafeBuffer frame = WorkerBench.frame(new byte[60]);
        EthernetFlyweight.source(frame, 10, 0x0200_0000_0001L);
        return frame;
    }

    private long reads() {
        return bench.counters.value(WorkerCounter.DEVICE_READS);
    }

    @Test
    void shouldReadEachTapInTurnAndLeaveTimeForTheRest() {
        for (int i = 0; i < TAPS; i++) {
            addTap(i);
        }
        bench.doWork();
        taps.forEach(tap -> tap.offer(frame(), ALWAYS));
        bench.device.offer(WorkerBench.frame(new byte[60]), ALWAYS);

        for (int cycle = 0; cycle < 200; cycle++) {
            long before = reads();
            int tunBefore = bench.device.left();
            bench.doWork();
            assertThat(reads() - before).isBetween(128L, (long) MOST_READS_PER_CYCLE);
            assertThat(tunBefore - bench.device.left()).isEqualTo(16);
        }

        // Two hundred times eight busy ones, less those that waited to be found busy.
        int fairShare = 200 * 128 / TAPS;
        assertThat(taps)
                .allSatisfy(
                        tap ->
                                assertThat(ALWAYS - tap.left())
                                        .isBetween(fairShare - 48, fairShare + 48));
    }

    @Test
    void shouldFindOneBusyTapAmongManyQuietOnes() {
        for (int i = 0; i < TAPS; i++) {
            addTap(i);
        }
        bench.doWork();
        taps.get(77).offer(frame(), 1000);

        // All are looked at once in thirteen cycles; from then on it is read in each.
        for (int cycle = 0; cycle < 13 + 1000 / 16 + 1; cycle++) {
            bench.doWork();
        }

        assertThat(taps.get(77).left()).isZero();
    }
}
