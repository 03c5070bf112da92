package io.ovl.dataplane.vxlan;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class VxlanFlyweightTest {
    private static final int I_BIT = 59;

    @Test
    void shouldWriteTheHeaderOfTheRfc() {
        UnsafeBuffer buffer = Frames.buffer();
        buffer.putLong(0, -1);

        VxlanFlyweight.put(buffer, 0, 0x12_34_56);

        assertThat(VxlanFlyweight.word(buffer, 0)).isEqualTo(0x0800_0000_1234_5600L);
        assertThat(buffer.getByte(0)).isEqualTo((byte) VxlanFlyweight.FIRST_BYTE);
    }

    @Test
    void shouldReadEveryVni() {
        UnsafeBuffer buffer = Frames.buffer();
        for (int vni : new int[] {0, 1, 4095, 4096, 0x80_0000, 0xff_ffff}) {
            VxlanFlyweight.put(buffer, 0, vni);
            long word = VxlanFlyweight.word(buffer, 0);

            assertThat(VxlanFlyweight.vni(word)).isEqualTo(vni);
            assertThat(VxlanFlyweight.validate(word, true)).isNull();
        }
    }

    @Test
    void shouldDropEverySingleBitHeaderButTheValidOneInBothModes() {
        for (int bit = 0; bit < 64; bit++) {
            DropReason expected = bit == I_BIT ? null : DropReason.VXLAN_BAD_FLAGS;

            assertThat(VxlanFlyweight.validate(1L << bit, false))
                    .as("bit %d", bit)
                    .isEqualTo(expected);
            assertThat(VxlanFlyweight.validate(1L << bit, true))
                    .as("bit %d", bit)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldIgnoreEachReservedBitOrNameItUnderStrict() {
        int reserved = 0;
        for (int bit = 0; bit < 64; bit++) {
            long word = VxlanFlyweight.VALID_VNI | 1L << bit;
            boolean isReserved = bit != I_BIT && (bit < 8 || bit >= 32);
            reserved += isReserved ? 1 : 0;
            DropReason expected =
                    switch (bit) {
                        case 58 -> DropReason.VXLAN_GPE;
                        case 63 -> DropReason.VXLAN_GBP;
                        default -> isReserved ? DropReason.VXLAN_BAD_FLAGS : null;
                    };

            assertThat(VxlanFlyweight.validate(word, false)).as("bit %d", bit).isNull();
            assertThat(VxlanFlyweight.validate(word, true)).as("bit %d", bit).isEqualTo(expected);
        }
        assertThat(reserved).isEqualTo(39);
    }
}
