package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class LearnRingTest {
    private final List<String> received = new ArrayList<>();
    private final LearnRing ring =
            new LearnRing(
                    new LearnHandler() {
                        @Override
                        public void onMac(int vni, long mac, int vlan, int port, long seenNs) {
                            received.add(
                                    "mac " + vni + " " + mac + " " + vlan + " " + port + " "
                                            + seenNs);
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
                            received.add(
                                    "neighbor "
                                            + vni
                                            + " "
                                            + vlan
                                            + " "
                                            + isIpv6
                                            + " "
                                            + ipHigh
                                            + " "
                                            + ipLow
                                            + " "
                                            + link
                                            + " "
                                            + seenNs);
                        }

                        @Override
                        public void onVtep(
                                int vni,
                                boolean isIpv6,
                                long ipHigh,
                                long ipLow,
                                int udpPort,
                                long seenNs) {
                            received.add(
                                    "vtep " + vni + " " + isIpv6 + " " + ipHigh + " " + ipLow + " "
                                            + udpPort + " " + seenNs);
                        }
                    });

    @Test
    void shouldHandOverWhatWasOfferedInOrder() {
        ring.offerMac(0xff_ffff, 0xfeff_ffff_ffffL, 4095, Port.MAX_ID, -5);
        ring.offerNeighbor(1, 4095, true, -1, -2, -3, 6);
        ring.offerNeighbor(2, 0, false, 0, 0xffff_ffffL, 3, 7);
        ring.offerVtep(3, true, 4, 5, 0xffff, 8);

        assertThat(ring.drain(3)).isEqualTo(3);
        assertThat(ring.drain(10)).isEqualTo(1);
        assertThat(ring.drain(10)).isZero();

        assertThat(received)
                .containsExactly(
                        "mac 16777215 " + 0xfeff_ffff_ffffL + " 4095 65535 -5",
                        "neighbor 1 4095 true -1 -2 -3 6",
                        "neighbor 2 0 false 0 4294967295 3 7",
                        "vtep 3 true 4 5 65535 8");
    }

    @Test
    void shouldSayWhenItIsFull() {
        int taken = 0;
        while (ring.offerMac(1, taken, 0, 1, 0)) {
            taken++;
        }

        assertThat(taken).isBetween(1000, 100_000);
        assertThat(ring.offerNeighbor(1, 0, false, 0, 1, 2, 3)).isFalse();
        assertThat(ring.offerVtep(1, false, 0, 1, 2, 3)).isFalse();
        ring.drain(taken);
        assertThat(ring.offerMac(1, 2, 0, 1, 0)).isTrue();
        assertThat(received).hasSize(taken);
    }

    @Test
    void shouldOfferASourceThatIsBackWhereItWas() {
        LearnFilter filter = new LearnFilter();

        assertThat(filter.shouldOffer(1, 2, 0, 3, 0)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 4, 1)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 3, 2)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 3, 3)).isFalse();
    }

    @Test
    void shouldOfferASourceOnceAWhile() {
        LearnFilter filter = new LearnFilter();

        assertThat(filter.shouldOffer(1, 2, 0, 3, 0)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 3, LearnFilter.WINDOW_NS - 1)).isFalse();
        assertThat(filter.shouldOffer(1, 2, 0, 4, LearnFilter.WINDOW_NS - 1)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 3, LearnFilter.WINDOW_NS)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 0, 3, 2 * LearnFilter.WINDOW_NS)).isTrue();
        assertThat(filter.shouldOffer(2, 2, 0, 3, LearnFilter.WINDOW_NS)).isTrue();
        assertThat(filter.shouldOffer(1, 2, 1, 3, LearnFilter.WINDOW_NS)).isTrue();
    }
}
