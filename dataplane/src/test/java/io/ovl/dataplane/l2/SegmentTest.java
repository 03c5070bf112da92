package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

class SegmentTest {
    private static final long SECOND = 1_000_000_000L;

    private final SegmentFixture fixture = new SegmentFixture(100);
    private final Segment lan = fixture.segment(10, SegmentSettings.DEFAULT);

    @Test
    void shouldFloodFromTheTapToEveryTunnelOnce() {
        Port tap = fixture.tap(lan);
        Port peer1 = fixture.peer(lan);
        Port peer2 = fixture.peer(lan);
        FloodList flood = lan.floodList();

        assertThat(flood.targetCount(tap)).isEqualTo(2);
        assertThat(List.of(flood.target(tap, 0), flood.target(tap, 1)))
                .containsExactlyInAnyOrder(peer1, peer2);
    }

    @Test
    void shouldFloodFromATunnelToTheTapAlone() {
        Port tap = fixture.tap(lan);
        Port peer1 = fixture.peer(lan);
        fixture.peer(lan);
        FloodList flood = lan.floodList();

        assertThat(flood.targetCount(peer1)).isOne();
        assertThat(flood.target(peer1, 0)).isEqualTo(tap);
        assertThatThrownBy(() -> flood.target(peer1, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldHaveNowhereToFloodWithoutATap() {
        Port peer = fixture.peer(lan);
        fixture.peer(lan);

        assertThat(lan.floodList().targetCount(peer)).isZero();
    }

    @Test
    void shouldNotFloodToAVtepThatWasOnlyMet() {
        Port tap = fixture.tap(lan);
        Port met = fixture.ports.add(Port.Kind.VTEP, "192.0.2.9");

        lan.addSilentPort(met);

        assertThat(lan.hasPort(met.id())).isTrue();
        assertThat(lan.floodList().targetCount(tap)).isZero();
        assertThat(lan.floodList().target(met, 0)).isEqualTo(tap);
    }

    @Test
    void shouldKnowItsPortsAlone() {
        Segment dmz = fixture.segment(20, SegmentSettings.DEFAULT);
        Port peer = fixture.peer(lan);
        Port other = fixture.peer(dmz);
        for (int i = 0; i < 200; i++) {
            fixture.peer(dmz);
        }
        Port far = fixture.peer(lan);

        assertThat(lan.hasPort(peer.id())).isTrue();
        assertThat(lan.hasPort(far.id())).isTrue();
        assertThat(lan.hasPort(other.id())).isFalse();
        assertThat(lan.hasPort(Port.MAX_ID)).isFalse();
        lan.removePort(peer);
        assertThat(lan.hasPort(peer.id())).isFalse();
        assertThat(lan.ports()).containsExactly(far);
    }

    @Test
    void shouldAcceptEveryVniOf24Bits() {
        assertThat(new Segment("a", 0, SegmentSettings.DEFAULT).vni()).isZero();
        assertThat(new Segment("b", 0xff_ffff, SegmentSettings.DEFAULT).vni())
                .isEqualTo(16_777_215);
        assertThatThrownBy(() -> new Segment("c", 1 << 24, SegmentSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Segment("d", -1, SegmentSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseASecondSegmentOfTheSameVni() {
        assertThatThrownBy(
                        () ->
                                fixture.segments.add(
                                        new Segment("again", 10, SegmentSettings.DEFAULT)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fixture.segments.segment(10)).isSameAs(lan);
        fixture.segments.remove(lan);
        assertThat(fixture.segments.segment(10)).isNull();
    }

    @Test
    void shouldLimitFloodedFramesByRate() {
        FloodLimiter limiter = new FloodLimiter(1000);
        int passed = 0;
        for (long nowNs = 0; nowNs < 10 * SECOND; nowNs += 100_000) {
            passed += limiter.tryAcquire(1, nowNs) ? 1 : 0;
        }

        assertThat(passed).isBetween(10_000, 10_101);
    }

    @Test
    void shouldPassABurstAfterSilence() {
        FloodLimiter limiter = new FloodLimiter(10);
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < FloodLimiter.MIN_BURST; i++) {
                assertThat(limiter.tryAcquire(1, 10L * round * SECOND)).isTrue();
            }
            assertThat(limiter.tryAcquire(1, 10L * round * SECOND)).isFalse();
        }
    }

    @Test
    void shouldNotLimitWhenTheLimitIsZero() {
        FloodLimiter limiter = new FloodLimiter(0);
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(limiter.tryAcquire(1, 0)).isTrue();
        }
    }

    @Test
    void shouldLimitEverySegmentFromTheStart() {
        int passed = 0;
        for (int i = 0; i < 100_000; i++) {
            passed += lan.mayFlood(1, 5) ? 1 : 0;
        }
        assertThat(passed).isBetween(1, SegmentSettings.DEFAULT_FLOOD_LIMIT);
    }

    @Test
    void shouldFloodLessDuringALoopAndAsBeforeSoonAfter() {
        for (int i = 0; i < LoopGuard.SIGNS; i++) {
            lan.loopGuard().onSign(i);
        }
        int looping = flooded(10, SECOND);
        assertThat(looping).isBetween(500, 1000);
        assertThat(flooded(3 * SECOND, 4 * SECOND)).isGreaterThan(9000);
    }

    private int flooded(long fromNs, long toNs) {
        int passed = 0;
        for (long nowNs = fromNs; nowNs < toNs; nowNs += 10_000) {
            passed += lan.mayFlood(1, nowNs) ? 1 : 0;
        }
        return passed;
    }

    @Test
    void shouldSayOnceThatALoopBeganAndEnded() {
        LoopGuard guard = new LoopGuard();
        for (int i = 0; i < LoopGuard.SIGNS - 1; i++) {
            guard.onSign(i);
        }
        assertThat(guard.poll(10)).isEqualTo(LoopGuard.Change.NONE);
        guard.onSign(11);
        assertThat(guard.poll(12)).isEqualTo(LoopGuard.Change.BEGAN);
        assertThat(guard.poll(13)).isEqualTo(LoopGuard.Change.NONE);
        guard.onSign(SECOND + SECOND / 4);
        assertThat(guard.isLooping(2 * SECOND)).isTrue();
        assertThat(guard.poll(3 * SECOND)).isEqualTo(LoopGuard.Change.ENDED);
        assertThat(guard.poll(4 * SECOND)).isEqualTo(LoopGuard.Change.NONE);
        assertThat(guard.loopCount()).isOne();
    }

    @Test
    void shouldNotTakeAFewStrayFramesForALoop() {
        LoopGuard guard = new LoopGuard();
        for (int i = 0; i < 1000; i++) {
            guard.onSign(i * SECOND / 4);
            assertThat(guard.isLooping(i * SECOND / 4)).isFalse();
        }
    }

    @Test
    void shouldNoticeItsOwnFramesComingBack() {
        fixture.tap(lan);
        Port peer = fixture.peer(lan);
        for (int i = 0; i < LoopGuard.SIGNS; i++) {
            fixture.frame(lan, SegmentFixture.OWN_MAC, 0, peer, i);
        }

        assertThat(lan.loopGuard().isLooping(100)).isTrue();
    }

    @Test
    void shouldNoticeAnAddressThatGoesRound() {
        Port tap = fixture.tap(lan);
        Port peer = fixture.peer(lan);
        for (int i = 0; i < 40; i++) {
            fixture.frame(lan, 0x0200_0000_0001L, 0, i % 2 == 0 ? tap : peer, i);
        }

        assertThat(lan.loopGuard().poll(100)).isEqualTo(LoopGuard.Change.BEGAN);
        assertThat(fixture.fdb.counters().count(FdbEvent.HELD)).isOne();
    }

    @Test
    void shouldHandOutIdsInACircle() {
        PortTable ports = new PortTable();
        Port first = ports.add(Port.Kind.PEER, "a");
        ports.remove(first);
        Port second = ports.add(Port.Kind.PEER, "b");

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(ports.port(first.id())).isNull();
        assertThat(ports.port(second.id())).isSameAs(second);
        assertThat(ports.count()).isOne();
        assertThatThrownBy(() -> ports.remove(first)).isInstanceOf(IllegalArgumentException.class);
        for (int i = 1; i < Port.MAX_ID; i++) {
            ports.add(Port.Kind.VTEP, "v");
        }
        assertThatThrownBy(() -> ports.add(Port.Kind.TAP, "x"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldPublishManyPortsAtOnce() {
        Port tap = fixture.tap(lan);
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            ports.add(fixture.ports.add(Port.Kind.PEER, "peer"));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        lan.addPorts(ports);
        // Publishing after each would take some 60 MB.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
        assertThat(lan.floodList().targetCount(tap)).isEqualTo(4000);
        assertThat(ports).allMatch(port -> lan.hasPort(port.id()));
    }
}
