package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class NeighborTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAC = 0x0200_0000_0001L;
    private static final long CONFIRMED = MAC | NeighborTable.CONFIRMED;

    private final NeighborTable table = new NeighborTable(64, 300 * SECOND, 77);

    @Test
    void shouldKeepVnisVlansAndFamiliesApart() {
        table.learn(10, 5, false, 0, 1, CONFIRMED, 0);

        assertThat(table.link(10, 5, false, 0, 1)).isEqualTo(CONFIRMED);
        assertThat(table.link(11, 5, false, 0, 1)).isEqualTo(NeighborTable.UNKNOWN);
        assertThat(table.link(10, 6, false, 0, 1)).isEqualTo(NeighborTable.UNKNOWN);
        assertThat(table.link(10, 5, true, 0, 1)).isEqualTo(NeighborTable.UNKNOWN);
        assertThat(table.link(10, 5, false, 1, 1)).isEqualTo(NeighborTable.UNKNOWN);
    }

    @Test
    void shouldStayWithinItsCapacityAndLoseTheOldest() {
        for (int i = 0; i < 100_000; i++) {
            table.learn(1, 0, false, 0, i, CONFIRMED, i);
        }

        assertThat(table.count()).isEqualTo(64);
        int[] shown = new int[1];
        long[] oldest = {0};
        table.forEach(
                (vni, vlan, isIpv6, high, low, mac, isRouter, ageNs) -> {
                    shown[0]++;
                    oldest[0] = Math.max(oldest[0], ageNs);
                },
                100_000);
        assertThat(shown[0]).isEqualTo(64);
        assertThat(oldest[0]).isLessThan(2000);
        assertThat(table.link(1, 0, false, 0, 99_999)).isEqualTo(CONFIRMED);
    }

    @Test
    void shouldAgeWhatIsNotSeen() {
        table.learn(1, 0, false, 0, 1, CONFIRMED, 0);
        table.learn(1, 0, false, 0, 2, CONFIRMED, 0);
        assertThat(table.isKnown(1, 0, false, 0, 2, CONFIRMED, 100 * SECOND)).isTrue();

        assertThat(table.sweep(64, 300 * SECOND)).isOne();

        assertThat(table.link(1, 0, false, 0, 1)).isEqualTo(NeighborTable.UNKNOWN);
        assertThat(table.link(1, 0, false, 0, 2)).isEqualTo(CONFIRMED);
    }

    @Test
    void shouldKeepWhatANeighborSaidOfItselfWhenSomethingLessIsSeen() {
        long router = CONFIRMED | NeighborTable.ROUTER;
        table.learn(1, 0, true, 9, 1, router, 0);

        assertThat(table.isKnown(1, 0, true, 9, 1, MAC, 1)).isTrue();
        table.learn(1, 0, true, 9, 1, MAC, 1);
        assertThat(table.link(1, 0, true, 9, 1)).isEqualTo(router);
        assertThat(table.isKnown(1, 0, true, 9, 1, CONFIRMED, 1)).isFalse();
        table.learn(1, 0, true, 9, 1, MAC + 1, 2);
        assertThat(table.link(1, 0, true, 9, 1)).isEqualTo(MAC + 1);
    }

    @Test
    void shouldFlushASegmentOrAll() {
        table.learn(1, 0, false, 0, 1, CONFIRMED, 0);
        table.learn(2, 0, false, 0, 1, CONFIRMED, 0);
        table.learn(3, 0, false, 0, 1, CONFIRMED, 0);

        assertThat(table.flush(2)).isOne();
        assertThat(table.flush(2)).isZero();
        assertThat(table.flush(-1)).isEqualTo(2);
        assertThat(table.count()).isZero();
    }

    @Test
    void shouldShowWhatItLearned() {
        List<String> shown = new ArrayList<>();
        table.learn(0xff_ffff, 4095, true, -1, -2, CONFIRMED | NeighborTable.ROUTER, SECOND);

        table.forEach(
                (vni, vlan, isIpv6, high, low, mac, isRouter, ageNs) ->
                        shown.add(
                                vni
                                        + " "
                                        + vlan
                                        + " "
                                        + isIpv6
                                        + " "
                                        + high
                                        + " "
                                        + low
                                        + " "
                                        + MacText.format(mac)
                                        + " "
                                        + isRouter
                                        + " "
                                        + ageNs),
                3 * SECOND);

        assertThat(shown)
                .containsExactly("16777215 4095 true -1 -2 02:00:00:00:00:01 true 2000000000");
    }

    @Test
    void shouldNeverAnswerWithAnotherAddressesLink() throws InterruptedException {
        NeighborTable small = new NeighborTable(NeighborTable.WAYS, 300 * SECOND, 1);
        AtomicBoolean isDone = new AtomicBoolean();
        List<Long> wrong = new ArrayList<>();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int ip = 0; !isDone.get(); ip = ip + 1 & 31) {
                                        long link = small.link(1, 0, true, ip, ip);
                                        if (link != NeighborTable.UNKNOWN && link != ip) {
                                            wrong.add(link);
                                        }
                                    }
                                });
        for (int i = 0; i < 2_000_000; i++) {
            int ip = i * 7 & 31;
            small.learn(1, 0, true, ip, ip, ip, i);
        }
        isDone.set(true);
        reader.join();

        assertThat(wrong).isEmpty();
    }
}
