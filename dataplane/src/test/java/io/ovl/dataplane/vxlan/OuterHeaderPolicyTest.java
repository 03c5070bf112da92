package io.ovl.dataplane.vxlan;

import static io.ovl.dataplane.vxlan.Frames.HEADROOM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class OuterHeaderPolicyTest {
    private static final int NOT_ECT = 0;
    private static final int ECT_1 = 1;
    private static final int ECT_0 = 2;
    private static final int CE = 3;
    private static final int DROP = -1;

    /** RFC 6040 figure 4: rows inner, columns outer, both in the order Not-ECT, ECT(1), ECT(0), CE. */
    private static final int[][] DECAP = {
        {NOT_ECT, NOT_ECT, NOT_ECT, DROP},
        {ECT_1, ECT_1, ECT_1, CE},
        {ECT_0, ECT_1, ECT_0, CE},
        {CE, CE, CE, CE}
    };

    private final UnsafeBuffer buffer = Frames.buffer();

    private int put(boolean isIpv6, int trafficClass, int timeToLive) {
        return isIpv6
                ? Frames.putUdp6(buffer, trafficClass, timeToLive, 3)
                : Frames.putUdp4(buffer, trafficClass, timeToLive, 1, 2, 3);
    }

    private int innerTrafficClass(boolean isIpv6) {
        int first = buffer.getByte(HEADROOM + 14) & 0xff;
        int second = buffer.getByte(HEADROOM + 15) & 0xff;
        return isIpv6 ? (first & 0xf) << 4 | second >> 4 : second;
    }

    @Test
    void shouldCopyEcnOutwardsWhateverTheTrafficClassIs() {
        for (boolean isIpv6 : new boolean[] {false, true}) {
            for (int ecn = 0; ecn < 4; ecn++) {
                int length = put(isIpv6, 0xb8 | ecn, 64);

                assertThat(new OuterHeaderPolicy(0, 64).trafficClassOf(buffer, HEADROOM, length))
                        .isEqualTo(ecn);
                assertThat(new OuterHeaderPolicy(0x2b, 64).trafficClassOf(buffer, HEADROOM, length))
                        .isEqualTo(0x28 | ecn);
                assertThat(
                                new OuterHeaderPolicy(OuterHeaderPolicy.INHERIT, 64)
                                        .trafficClassOf(buffer, HEADROOM, length))
                        .isEqualTo(0xb8 | ecn);
            }
        }
    }

    @Test
    void shouldCombineEcnInwardsInAllSixteenWays() {
        for (boolean isIpv6 : new boolean[] {false, true}) {
            for (int inner = 0; inner < 4; inner++) {
                for (int outer = 0; outer < 4; outer++) {
                    int length = put(isIpv6, 0x28 | inner, 64);
                    int expected = DECAP[inner][outer];

                    boolean isPassed =
                            OuterHeaderPolicy.decapsulate(buffer, HEADROOM, length, 0xb8 | outer);

                    assertThat(isPassed).as("%d in %d", inner, outer).isEqualTo(expected != DROP);
                    if (isPassed) {
                        assertThat(innerTrafficClass(isIpv6)).isEqualTo(0x28 | expected);
                        assertThat(headerSum(isIpv6)).isEqualTo(0xffff);
                    }
                }
            }
        }
    }

    private int headerSum(boolean isIpv6) {
        int sum = 0;
        for (int i = 14; i < 34; i += 2) {
            sum += buffer.getShort(HEADROOM + i, java.nio.ByteOrder.BIG_ENDIAN) & 0xffff;
        }
        return isIpv6 ? 0xffff : (sum & 0xffff) + (sum >> 16);
    }

    @Test
    void shouldSetOrInheritTheTimeToLive() {
        for (boolean isIpv6 : new boolean[] {false, true}) {
            int length = put(isIpv6, 0, 7);

            assertThat(new OuterHeaderPolicy(0, 99).timeToLiveOf(buffer, HEADROOM, length))
                    .isEqualTo(99);
            assertThat(
                            new OuterHeaderPolicy(0, OuterHeaderPolicy.INHERIT)
                                    .timeToLiveOf(buffer, HEADROOM, length))
                    .isEqualTo(7);
        }
    }

    @Test
    void shouldFallBackForFramesWithoutIp() {
        UnsafeBuffer arp = Frames.of("ffffffffffff 020000000001 0806 " + "45".repeat(28));
        OuterHeaderPolicy inherit =
                new OuterHeaderPolicy(OuterHeaderPolicy.INHERIT, OuterHeaderPolicy.INHERIT);

        assertThat(inherit.trafficClassOf(arp, HEADROOM, 42)).isZero();
        assertThat(inherit.timeToLiveOf(arp, HEADROOM, 42)).isEqualTo(64);
        assertThat(OuterHeaderPolicy.decapsulate(arp, HEADROOM, 42, CE)).isTrue();
        // A frame that says IPv4 and holds nothing of it.
        UnsafeBuffer empty = Frames.of("020000000001 020000000002 0800");
        assertThat(OuterHeaderPolicy.decapsulate(empty, HEADROOM, 14, CE)).isTrue();
        assertThat(inherit.trafficClassOf(empty, HEADROOM, 14)).isZero();
    }

    @Test
    void shouldRefuseValuesThatNoHeaderHolds() {
        for (int[] bad : new int[][] {{-2, 64}, {256, 64}, {0, 0}, {0, 256}, {0, -2}}) {
            assertThatThrownBy(() -> new OuterHeaderPolicy(bad[0], bad[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
