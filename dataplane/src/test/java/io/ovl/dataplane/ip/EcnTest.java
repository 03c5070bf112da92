package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EcnTest {
    private static final int DROP = -1;

    /** RFC 6040 figure 4: rows by inner, columns by outer field, both in the order of their values. */
    private static final int[][] DECAPSULATED = {
        {Ecn.NOT_ECT, Ecn.NOT_ECT, Ecn.NOT_ECT, DROP},
        {Ecn.ECT_1, Ecn.ECT_1, Ecn.ECT_1, Ecn.CE},
        {Ecn.ECT_0, Ecn.ECT_1, Ecn.ECT_0, Ecn.CE},
        {Ecn.CE, Ecn.CE, Ecn.CE, Ecn.CE}
    };

    @Test
    void shouldCopyEcnButNotDscpOutward() {
        for (int trafficClass = 0; trafficClass < 256; trafficClass++) {
            for (boolean isIpv6 : new boolean[] {false, true}) {
                UnsafeBuffer packet = packet(isIpv6, trafficClass);
                assertThat(Ecn.outerTrafficClass(packet, 0)).isEqualTo(trafficClass & 3);
            }
        }
    }

    @Test
    void shouldLeaveOtherThanIpAlone() {
        UnsafeBuffer arp = new UnsafeBuffer(new byte[] {0, 1, 8, 0});
        assertThat(Ecn.outerTrafficClass(arp, 0)).isZero();
        assertThat(Ecn.decapsulate(arp, 0, Ecn.CE)).isTrue();
        assertThat(arp.byteArray()).containsExactly(0, 1, 8, 0);
    }

    @Test
    void shouldCombineInnerAndOuterField() {
        for (boolean isIpv6 : new boolean[] {false, true}) {
            for (int innerClass = 0; innerClass < 256; innerClass++) {
                for (int outerClass = 0; outerClass < 256; outerClass++) {
                    assertDecapsulated(isIpv6, innerClass, outerClass);
                }
            }
        }
    }

    private static void assertDecapsulated(boolean isIpv6, int innerClass, int outerClass) {
        UnsafeBuffer packet = packet(isIpv6, innerClass);
        int expected = DECAPSULATED[innerClass & 3][outerClass & 3];
        boolean isKept = Ecn.decapsulate(packet, 0, outerClass);
        assertThat(isKept).isEqualTo(expected != DROP);
        if (isKept) {
            UnsafeBuffer complete = packet(isIpv6, innerClass & ~3 | expected);
            assertThat(packet.byteArray()).isEqualTo(complete.byteArray());
        }
    }

    private static UnsafeBuffer packet(boolean isIpv6, int trafficClass) {
        PacketBuilder builder = isIpv6 ? PacketBuilder.tcp6() : PacketBuilder.tcp4();
        builder.trafficClass = trafficClass;
        builder.flowLabel = 0xabcde;
        return new UnsafeBuffer(builder.build());
    }
}
