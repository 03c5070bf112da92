package io.ovl.dataplane.l2;

import static io.ovl.dataplane.l2.SegmentFixture.OWN_MAC;
import static io.ovl.dataplane.l2.SegmentFixture.SECOND;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.dataplane.stats.DropReason;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

class ForwardingDatabaseTest {
    private static final long A = 0x0200_0000_000aL;
    private static final long B = 0x0200_0000_000bL;

    private final SegmentFixture fixture = new SegmentFixture(100);
    private final ForwardingDatabase fdb = fixture.fdb;
    private final Segment lan = fixture.segment(10, SegmentFixture.ageing(300 * SECOND));
    private final Port tap = fixture.tap(lan);
    private final Port peer1 = fixture.peer(lan);
    private final Port peer2 = fixture.peer(lan);

    @Test
    void shouldLearnWhereASourceIs() {
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(Port.NONE);

        assertThat(fixture.frame(lan, A, 0, peer1, 0)).isEqualTo(Observation.NEEDS_LEARNING);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
        assertThat(fixture.frame(lan, A, 0, peer1, 1)).isEqualTo(Observation.KNOWN);
        assertThat(fixture.events).containsExactly("learned 10 2000000000a 0 0>" + peer1.id());
    }

    @Test
    void shouldKeepVlansAndVnisApart() {
        Segment dmz = fixture.segment(0xff_ffff, SegmentSettings.DEFAULT);
        Segment zero = fixture.segment(0, SegmentSettings.DEFAULT);
        Port both = fixture.peer(dmz, zero);
        fixture.frame(lan, A, 5, peer1, 0);
        fixture.frame(dmz, A, 5, both, 0);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(Port.NONE);
        assertThat(fdb.lookup(lan, A, 6)).isEqualTo(Port.NONE);
        assertThat(fdb.lookup(lan, A, 5)).isEqualTo(peer1.id());
        assertThat(fdb.lookup(dmz, A, 5)).isEqualTo(both.id());
        assertThat(fdb.lookup(zero, A, 5)).isEqualTo(Port.NONE);
    }

    @Test
    void shouldNeverFindAnAddressOfAnotherVni() {
        SegmentFixture wide = new SegmentFixture(8192);
        Segment[] segments = new Segment[8];
        Port[] ports = new Port[8];
        for (int i = 0; i < 8; i++) {
            segments[i] = wide.segment(i * 1000, SegmentSettings.DEFAULT);
            ports[i] = wide.peer(segments[i]);
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            int at = random.nextInt(8);
            wide.frame(segments[at], A + random.nextInt(500), 0, ports[at], i);
            int elsewhere = random.nextInt(8);
            int port = wide.fdb.lookup(segments[elsewhere], A + random.nextInt(500), 0);
            assertThat(port).isIn(Port.NONE, ports[elsewhere].id());
        }
    }

    @Test
    void shouldNeitherLearnNorPassSourcesThatNoHostHas() {
        for (long mac :
                new long[] {0, EthernetFlyweight.BROADCAST, 0x0180_c200_0000L, 0x3333_0000_0001L}) {
            Observation observation = fixture.frame(lan, mac, 0, peer1, 0);
            fdb.learn(lan.vni(), mac, 0, peer1.id(), 0);

            assertThat(observation.dropReason()).isEqualTo(DropReason.INVALID_SOURCE_MAC);
        }
        assertThat(fdb.learnedCount()).isZero();
        assertThat(fixture.events).isEmpty();
    }

    @Test
    void shouldTakeTheOwnAddressFromTheTapAlone() {
        assertThat(fixture.frame(lan, OWN_MAC, 0, peer1, 0)).isEqualTo(Observation.INVALID_SOURCE);
        assertThat(fixture.frame(lan, OWN_MAC, 7, tap, 0)).isEqualTo(Observation.KNOWN);
        fdb.learn(lan.vni(), OWN_MAC, 0, peer1.id(), 0);

        assertThat(fdb.learnedCount()).isZero();
        assertThat(fdb.lookup(lan, OWN_MAC, 7)).isEqualTo(tap.id());
    }

    @Test
    void shouldMoveWithTheFirstFrame() {
        fixture.frame(lan, A, 0, peer1, 0);

        assertThat(fixture.frame(lan, A, 0, peer2, 10)).isEqualTo(Observation.NEEDS_LEARNING);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer2.id());
        assertThat(fdb.counters().count(FdbEvent.MOVED)).isOne();
        assertThat(fdb.learnedCountOfPort(peer1.id())).isZero();
        assertThat(fdb.learnedCountOfPort(peer2.id())).isOne();
        assertThat(fixture.events)
                .last()
                .isEqualTo("moved 10 2000000000a 0 " + peer1.id() + ">" + peer2.id());
    }

    @Test
    void shouldIgnoreAMoveThatIsOlderThanWhatIsKnown() {
        fixture.frame(lan, A, 0, peer1, 100);

        fdb.learn(lan.vni(), A, 0, peer2.id(), 99);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
    }

    private void moveSixTimes() {
        for (int i = 0; i < 7; i++) {
            fixture.frame(lan, A, 0, i % 2 == 0 ? peer1 : peer2, i);
        }
    }

    @Test
    void shouldHoldAnAddressThatMovesMoreThanFiveTimesASecond() {
        long nowNs = 10;

        moveSixTimes();

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer2.id());
        assertThat(fixture.frame(lan, A, 0, peer1, nowNs)).isEqualTo(Observation.HELD);
        assertThat(fixture.frame(lan, A, 0, peer2, nowNs)).isEqualTo(Observation.KNOWN);
        fdb.learn(lan.vni(), A, 0, peer1.id(), nowNs);
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer2.id());
        assertThat(fdb.counters().count(FdbEvent.HELD)).isOne();
        assertThat(fdb.counters().count(FdbEvent.MOVED)).isEqualTo(5);
    }

    @Test
    void shouldLetAHeldAddressMoveAgainAfterAMinute() {
        moveSixTimes();

        fixture.sweepAll(59 * SECOND);
        assertThat(fixture.frame(lan, A, 0, peer1, 59 * SECOND)).isEqualTo(Observation.HELD);
        fixture.sweepAll(61 * SECOND);
        fixture.frame(lan, A, 0, peer1, 62 * SECOND);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
        assertThat(fdb.counters().count(FdbEvent.RELEASED)).isOne();
    }

    @Test
    void shouldNotHoldAnAddressThatMovesFiveTimesInEverySecond() {
        fixture.frame(lan, A, 0, peer1, 0);
        for (int i = 1; i < 100; i++) {
            long nowNs = i * SECOND / 4;
            fixture.frame(lan, A, 0, i % 2 == 0 ? peer1 : peer2, nowNs);
        }

        assertThat(fdb.counters().count(FdbEvent.HELD)).isZero();
        assertThat(fdb.counters().count(FdbEvent.MOVED)).isEqualTo(99);
    }

    @Test
    void shouldRefreshOnceInEachTick() {
        long tickNs = FdbTable.TICK_NS;
        fixture.frame(lan, A, 0, peer1, 0);

        assertThat(fixture.frame(lan, A, 0, peer1, tickNs - 1)).isEqualTo(Observation.KNOWN);
        assertThat(fixture.frame(lan, A, 0, peer1, tickNs)).isEqualTo(Observation.REFRESHED);
        assertThat(fixture.frame(lan, A, 0, peer1, 2 * tickNs - 1)).isEqualTo(Observation.KNOWN);
    }

    @Test
    void shouldRefreshAfterASilenceOfAnyLength() {
        long nowNs = 0;
        for (int silence = 1; silence < 40; silence++) {
            fixture.frame(lan, A, 0, peer1, nowNs);
            long untilNs = nowNs + silence * FdbTable.TICK_NS;
            for (long sweepNs = nowNs + SECOND; sweepNs + SECOND < untilNs; sweepNs += SECOND) {
                fixture.sweepAll(sweepNs);
            }
            nowNs = untilNs;
            assertThat(fixture.frame(lan, A, 0, peer1, nowNs))
                    .as("after %d ticks", silence)
                    .isEqualTo(Observation.REFRESHED);
        }
    }

    /** What a worker noted in the table that was, it would not note again before the next tick. */
    @Test
    void shouldNoteAnEntryAgainInATableThatHasGrown() {
        fixture.frame(lan, A, 0, peer1, 0);
        int capacity = fdb.capacity();
        int i = 0;
        while (fdb.capacity() == capacity) {
            fixture.frame(lan, A + 100 + i++, 0, peer1, 0);
        }

        assertThat(fixture.frame(lan, A, 0, peer1, 1)).isEqualTo(Observation.REFRESHED);
        assertThat(fixture.frame(lan, A, 0, peer1, 2)).isEqualTo(Observation.KNOWN);
    }

    @Test
    void shouldEvictInTheSameOrderFromATableThatHasGrown() {
        int count = 1000;
        fdb.maxEntries(count);
        for (int i = 0; i < count; i++) {
            fixture.frame(lan, A + 0x1000 + i * 7919 % count, 0, i % 2 == 0 ? peer1 : peer2, i);
        }
        fixture.events.clear();
        for (int i = count; i > 1; i--) {
            fdb.maxEntries(i - 1);
        }

        assertThat(fixture.events).hasSize(count - 1);
        for (int i = 0; i < count - 1; i++) {
            String mac = Long.toHexString(A + 0x1000 + i * 7919 % count);
            assertThat(fixture.events.get(i)).startsWith("evicted 10 " + mac + " ");
        }
    }

    @Test
    void shouldBeAsLargeAsWhatIsInIt() {
        fdb.maxEntries(100_000);
        lan.settings(SegmentFixture.maxMacs(100_000));
        moveSixTimes();
        int empty = fdb.capacity();

        for (int i = 0; i < 50_000; i++) {
            fixture.frame(lan, A + 100 + i, 0, tap, SECOND);
            assertThat(fdb.capacity()).isLessThanOrEqualTo(Math.max(empty, 3 * (i + 2)));
        }
        assertThat(fixture.frame(lan, A, 0, peer1, SECOND)).isEqualTo(Observation.HELD);
        for (int i = 0; i < 50_000; i++) {
            assertThat(fdb.lookup(lan, A + 100 + i, 0)).isEqualTo(tap.id());
        }
        fdb.flushPort(tap.id(), false);
        fixture.sweepAll(2 * SECOND);

        assertThat(fdb.capacity()).isEqualTo(empty);
        assertThat(fixture.frame(lan, A, 0, peer1, 3 * SECOND)).isEqualTo(Observation.HELD);
        fixture.sweepAll(61 * SECOND);
        assertThat(fixture.frame(lan, A, 0, peer1, 62 * SECOND))
                .isEqualTo(Observation.NEEDS_LEARNING);
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
    }

    @Test
    void shouldAgeAnEntryAlthoughTrafficFlowsToIt() {
        lan.settings(SegmentFixture.ageing(3 * SECOND));
        fixture.frame(lan, A, 0, peer1, 0);
        fixture.frame(lan, B, 0, peer1, 0);
        for (int i = 1; i <= 3; i++) {
            fdb.lookup(lan, A, 0);
            fixture.frame(lan, B, 0, peer1, i * SECOND);
        }

        fixture.sweepAll(3 * SECOND);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(Port.NONE);
        assertThat(fdb.lookup(lan, B, 0)).isEqualTo(peer1.id());
        assertThat(fixture.events).last().isEqualTo("aged 10 2000000000a 0 0>" + peer1.id());
    }

    @Test
    void shouldAgeNothingBeforeItsTimeNorWhenAgeingIsOff() {
        fixture.frame(lan, A, 0, peer1, 0);
        fixture.sweepAll(299 * SECOND - 1);
        assertThat(fdb.learnedCount()).isOne();

        lan.settings(SegmentFixture.ageing(0));
        fixture.sweepAll(100_000 * SECOND);
        assertThat(fdb.learnedCount()).isOne();
    }

    @Test
    void shouldNeverMoveNorAgeAStaticEntry() {
        assertThat(fdb.addStatic(lan.vni(), A, 0, peer1.id(), 0)).isTrue();
        assertThat(fdb.addStatic(lan.vni(), A, 0, peer2.id(), 0)).isFalse();

        assertThat(fixture.frame(lan, A, 0, peer2, 1).dropReason())
                .isEqualTo(DropReason.FDB_STATIC_CONFLICT);
        fdb.learn(lan.vni(), A, 0, peer2.id(), 1);
        assertThat(fixture.frame(lan, A, 0, peer1, 2)).isEqualTo(Observation.KNOWN);
        fixture.sweepAll(1000 * SECOND);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
        assertThat(fdb.staticCount()).isOne();
        assertThat(fdb.learnedCount()).isZero();
    }

    @Test
    void shouldReplaceALearnedEntryByAStaticOne() {
        fixture.frame(lan, A, 0, peer1, 0);

        assertThat(fdb.addStatic(lan.vni(), A, 0, peer2.id(), 1)).isTrue();
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer2.id());
        fdb.replaceStatic(lan.vni(), A, 0, peer1.id(), 2);

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
        assertThat(fdb.learnedCount()).isZero();
        assertThat(fdb.staticCount()).isOne();
        assertThatThrownBy(() -> fdb.addStatic(lan.vni(), 0, 0, peer1.id(), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldFloodAgainAfterADelete() {
        fixture.frame(lan, A, 0, peer1, 0);

        assertThat(fdb.delete(lan.vni(), A, 0)).isTrue();
        assertThat(fdb.delete(lan.vni(), A, 0)).isFalse();

        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(Port.NONE);
    }

    @Test
    void shouldPassButNotLearnWhenLearningIsOff() {
        lan.settings(SegmentFixture.notLearning());

        assertThat(fixture.frame(lan, A, 0, peer1, 0)).isEqualTo(Observation.NOT_LEARNED);
        fdb.learn(lan.vni(), A, 0, peer1.id(), 0);

        assertThat(Observation.NOT_LEARNED.dropReason()).isNull();
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(Port.NONE);
    }

    @Test
    void shouldIgnoreLearnEventsOfPortsAndSegmentsThatAreGone() {
        lan.removePort(peer1);
        fdb.learn(lan.vni(), A, 0, peer1.id(), 0);
        fdb.learn(99, A, 0, peer2.id(), 0);

        assertThat(fdb.learnedCount()).isZero();
    }

    @Test
    void shouldKeepTheLearnedEntriesOfASegmentWithinItsLimit() {
        lan.settings(SegmentFixture.maxMacs(8));
        fdb.addStatic(lan.vni(), B + 100, 0, peer1.id(), 0);
        for (int i = 0; i < 16; i++) {
            fixture.frame(lan, A + i, 0, peer1, i);
        }

        assertThat(fdb.learnedCountOfSegment(lan.vni())).isEqualTo(8);
        assertThat(fdb.lookup(lan, B + 100, 0)).isEqualTo(peer1.id());
        for (int i = 0; i < 16; i++) {
            assertThat(fdb.lookup(lan, A + i, 0)).isEqualTo(i < 8 ? Port.NONE : peer1.id());
        }
    }

    @Test
    void shouldKeepASinglePortWithinItsLimit() {
        fdb.maxEntriesPerPort(4);
        fixture.frame(lan, B + 1000, 0, peer2, 0);
        for (int i = 0; i < 10; i++) {
            fixture.frame(lan, A + i, 0, peer1, 1 + i);
        }
        assertThat(fdb.learnedCountOfPort(peer1.id())).isEqualTo(4);

        fixture.frame(lan, B + 1000, 0, peer1, 100);

        assertThat(fdb.learnedCountOfPort(peer1.id())).isEqualTo(4);
        assertThat(fdb.lookup(lan, B + 1000, 0)).isEqualTo(peer1.id());
        assertThat(fdb.lookup(lan, A + 6, 0)).isEqualTo(Port.NONE);
    }

    @Test
    void shouldEvictTheLeastRecentlySeenEntryOfTheLargestPort() {
        fdb.maxEntries(10);
        // Ten addresses behind five ports, unevenly: the largest gives way, oldest first, until
        // nobody has more.
        Port peer3 = fixture.peer(lan);
        long nowNs = 0;
        for (int i = 0; i < 6; i++) {
            fixture.frame(lan, A + i, 0, peer1, nowNs += SECOND);
        }
        for (int i = 10; i < 14; i++) {
            fixture.frame(lan, A + i, 0, peer2, nowNs += SECOND);
        }
        fixture.frame(lan, A, 0, peer1, nowNs += SECOND);

        for (int i = 20; i < 40; i++) {
            fixture.frame(lan, A + i, 0, peer3, nowNs += SECOND);
            assertThat(fdb.learnedCount()).isEqualTo(10);
        }

        assertThat(fdb.learnedCountOfPort(peer1.id())).isEqualTo(3);
        assertThat(fdb.learnedCountOfPort(peer2.id())).isEqualTo(3);
        assertThat(fdb.learnedCountOfPort(peer3.id())).isEqualTo(4);
        assertThat(fdb.lookup(lan, A, 0)).isEqualTo(peer1.id());
        assertThat(fdb.lookup(lan, A + 1, 0)).isEqualTo(Port.NONE);
        assertThat(fdb.lookup(lan, A + 4, 0)).isEqualTo(peer1.id());
        assertThat(fdb.lookup(lan, A + 10, 0)).isEqualTo(Port.NONE);
        for (int i = 36; i < 40; i++) {
            assertThat(fdb.lookup(lan, A + i, 0)).isEqualTo(peer3.id());
        }
    }

    @Test
    void shouldEvictFairlyWithinASegment() {
        lan.settings(SegmentFixture.maxMacs(6));
        for (int i = 0; i < 5; i++) {
            fixture.frame(lan, A + i, 0, peer1, i);
        }
        fixture.frame(lan, A + 50, 0, tap, 5);
        for (int i = 10; i < 30; i++) {
            fixture.frame(lan, A + i, 0, peer2, i);
        }

        assertThat(fdb.lookup(lan, A + 50, 0)).isEqualTo(tap.id());
        assertThat(fdb.learnedCountOfSegment(lan.vni())).isEqualTo(6);
        assertThat(fdb.learnedCountOfPort(peer1.id())).isBetween(2, 3);
    }

    @Test
    void shouldFlushByPortBySegmentAndAll() {
        Segment dmz = fixture.segment(20, SegmentSettings.DEFAULT);
        dmz.addPort(peer1);
        fdb.addStatic(lan.vni(), B + 500, 0, peer1.id(), 0);
        for (int i = 0; i < 20; i++) {
            fixture.frame(lan, A + i, 0, i % 2 == 0 ? peer1 : peer2, i);
            fixture.frame(dmz, A + i, 0, peer1, i);
        }

        assertThat(fdb.flushPortInSegment(20, peer1.id(), false)).isEqualTo(20);
        assertThat(fdb.flushPort(peer1.id(), false)).isEqualTo(10);
        assertThat(fdb.learnedCount()).isEqualTo(10);
        assertThat(fdb.flushSegment(lan.vni(), false)).isEqualTo(10);
        assertThat(fdb.staticCount()).isOne();
        assertThat(fdb.flush(true)).isOne();
        assertThat(fdb.staticCount()).isZero();
        fixture.frame(lan, A, 0, peer1, 100);
        assertThat(fdb.learnedCountOfPort(peer1.id())).isOne();
    }

    @Test
    void shouldShowEveryEntryWithItsAge() {
        fdb.addStatic(lan.vni(), A, 0, peer1.id(), 0);
        fixture.frame(lan, B, 12, tap, SECOND);
        Set<String> shown = new HashSet<>();

        fdb.forEach(
                (vni, mac, vlan, port, state, ageNs) ->
                        shown.add(
                                vni
                                        + " "
                                        + MacText.format(mac)
                                        + " "
                                        + vlan
                                        + " "
                                        + port
                                        + " "
                                        + state.label()
                                        + " "
                                        + ageNs / SECOND),
                5 * SECOND);

        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "10 02:00:00:00:00:0a 0 " + peer1.id() + " static 5",
                        "10 02:00:00:00:00:0b 12 " + tap.id() + " learned 4");
        assertThat(fdb.find(10, B, 0, (vni, mac, vlan, port, state, ageNs) -> {}, 0)).isFalse();
        assertThat(fdb.find(10, B, 12, (vni, mac, vlan, port, state, ageNs) -> {}, 0)).isTrue();
    }

    @Test
    void shouldGrowForStaticEntriesAndLoweredOrRaisedLimits() {
        for (int i = 0; i < 5000; i++) {
            fdb.addStatic(lan.vni(), A + 0x1000 + i, 0, peer1.id(), 0);
        }
        for (int i = 0; i < 100; i++) {
            fixture.frame(lan, A + 10_000 + i, 0, peer2, i);
        }
        fdb.maxEntries(10);
        assertThat(fdb.learnedCount()).isEqualTo(10);
        fdb.maxEntries(100_000);

        assertThat(fdb.staticCount()).isEqualTo(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(fdb.lookup(lan, A + 0x1000 + i, 0)).isEqualTo(peer1.id());
        }
        assertThat(fdb.lookup(lan, A + 10_099, 0)).isEqualTo(peer2.id());
        assertThatThrownBy(() -> fdb.maxEntries(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldBoundItsStaticEntries() {
        for (int i = 0; i < ForwardingDatabase.MAX_STATIC_ENTRIES; i++) {
            assertThat(fdb.addStatic(lan.vni(), A + 0x1000 + i, 0, peer1.id(), 0)).isTrue();
        }

        assertThatThrownBy(() -> fdb.addStatic(lan.vni(), A, 0, peer1.id(), 0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(fdb.staticCount()).isEqualTo(ForwardingDatabase.MAX_STATIC_ENTRIES);
        assertThat(fdb.flushPort(peer1.id(), true))
                .isEqualTo(ForwardingDatabase.MAX_STATIC_ENTRIES);
    }

    @Test
    void shouldHoldTheMostEntriesThatCanBeSet() {
        int most = ForwardingDatabase.MAX_ENTRIES;
        ForwardingDatabase large =
                new ForwardingDatabase(fixture.segments, most, 1, FdbEvents.NONE);
        lan.settings(SegmentFixture.maxMacs(most));
        long first = 0x0600_0000_0000L;
        for (int i = 0; i < ForwardingDatabase.MAX_STATIC_ENTRIES; i++) {
            large.addStatic(lan.vni(), A + 0x1000 + i, 0, peer2.id(), 0);
        }

        for (int i = 0; i <= most; i++) {
            large.learn(lan.vni(), first + i, 0, peer1.id(), i);
        }

        assertThat(large.learnedCount()).isEqualTo(most);
        assertThat(large.staticCount()).isEqualTo(ForwardingDatabase.MAX_STATIC_ENTRIES);
        assertThat(large.lookup(lan, first, 0)).isEqualTo(Port.NONE);
        assertThat(large.lookup(lan, first + most, 0)).isEqualTo(peer1.id());
    }

    @Test
    void shouldKeepTheOthersEntriesUnderAMillionSpoofedAddresses() {
        SegmentFixture big = new SegmentFixture(ForwardingDatabase.DEFAULT_MAX_ENTRIES);
        Segment segment = big.segment(10, SegmentSettings.DEFAULT);
        Port attacker = big.peer(segment);
        Port[] others = new Port[8];
        for (int i = 0; i < 800; i++) {
            int at = i % 8;
            if (i < 8) {
                others[at] = big.peer(segment);
            }
            big.frame(segment, A + i, 0, others[at], 0);
        }
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            long mac = random.nextLong() & 0xfeff_ffff_ffffL | 0x0200_0000_0000L;
            big.fdb.learn(10, mac, 0, attacker.id(), i * 10_000L);
            if (i % 1000 == 0) {
                big.events.clear();
            }
        }

        assertThat(big.fdb.learnedCount()).isEqualTo(ForwardingDatabase.DEFAULT_MAX_ENTRIES);
        assertThat(big.fdb.learnedCountOfPort(attacker.id()))
                .isEqualTo(ForwardingDatabase.DEFAULT_MAX_ENTRIES - 800);
        for (int i = 0; i < 800; i++) {
            assertThat(big.fdb.lookup(segment, A + i, 0)).isEqualTo(others[i % 8].id());
        }
    }
}
