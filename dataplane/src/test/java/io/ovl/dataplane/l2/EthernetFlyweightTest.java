package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;

class EthernetFlyweightTest {
    private static UnsafeBuffer frame(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length + 3));
        buffer.putBytes(3, bytes);
        return buffer;
    }

    @Test
    void shouldReadAnUntaggedHeader() {
        UnsafeBuffer frame = frame("ffffffffffff 02000000000a 0806 0001");

        assertThat(EthernetFlyweight.destination(frame, 3)).isEqualTo(EthernetFlyweight.BROADCAST);
        assertThat(EthernetFlyweight.source(frame, 3)).isEqualTo(0x02_00_00_00_00_0aL);
        assertThat(EthernetFlyweight.linkLength(frame, 3, 16)).isEqualTo(14);
        assertThat(EthernetFlyweight.etherType(frame, 3, 14))
                .isEqualTo(EthernetFlyweight.ETHERTYPE_ARP);
        assertThat(EthernetFlyweight.vlanId(frame, 3, 14)).isZero();
    }

    @Test
    void shouldReadTheOuterVlanAndTheInnerEtherType() {
        UnsafeBuffer frame = frame("020000000001 020000000002 88a8 6064 8100 0065 86dd 60");

        assertThat(EthernetFlyweight.linkLength(frame, 3, 23)).isEqualTo(22);
        assertThat(EthernetFlyweight.vlanId(frame, 3, 22)).isEqualTo(0x064);
        assertThat(EthernetFlyweight.etherType(frame, 3, 22))
                .isEqualTo(EthernetFlyweight.ETHERTYPE_IPV6);
    }

    @Test
    void shouldTakeAThirdTagForPayload() {
        UnsafeBuffer frame = frame("020000000001 020000000002 8100 0001 8100 0002 8100 0003 0800");

        assertThat(EthernetFlyweight.linkLength(frame, 3, 26)).isEqualTo(22);
    }

    @Test
    void shouldRefuseEveryLengthThatCutsTheHeader() {
        UnsafeBuffer frame = frame("020000000001 020000000002 88a8 0064 8100 0065 0800");

        for (int length = 0; length < 22; length++) {
            assertThat(EthernetFlyweight.linkLength(frame, 3, length))
                    .as("length %d", length)
                    .isEqualTo(EthernetFlyweight.MALFORMED);
        }
        assertThat(EthernetFlyweight.linkLength(frame, 3, 22)).isEqualTo(22);
    }

    @Test
    void shouldTellHostsFromGroups() {
        assertThat(EthernetFlyweight.isUnicast(0x0200_0000_0001L)).isTrue();
        assertThat(EthernetFlyweight.isUnicast(0)).isFalse();
        assertThat(EthernetFlyweight.isUnicast(0x0100_5e00_0001L)).isFalse();
        assertThat(EthernetFlyweight.isMulticast(0x0100_5e00_0001L)).isTrue();
        assertThat(EthernetFlyweight.isMulticast(EthernetFlyweight.BROADCAST)).isTrue();
        assertThat(EthernetFlyweight.isBroadcast(0x0100_5e00_0001L)).isFalse();
    }

    @Test
    void shouldReadBackTheAddressesThatItWrote() {
        UnsafeBuffer frame = frame("00".repeat(14));

        EthernetFlyweight.destination(frame, 3, 0xfedc_ba98_7654L);
        EthernetFlyweight.source(frame, 3, 0x0123_4567_89abL);

        assertThat(EthernetFlyweight.destination(frame, 3)).isEqualTo(0xfedc_ba98_7654L);
        assertThat(EthernetFlyweight.source(frame, 3)).isEqualTo(0x0123_4567_89abL);
    }

    @Test
    void shouldParseAndFormatText() {
        assertThat(MacText.parse("02:00:00:Ab:cD:eF")).isEqualTo(0x0200_00ab_cdefL);
        assertThat(MacText.format(0x0200_00ab_cdefL)).isEqualTo("02:00:00:ab:cd:ef");
        assertThat(MacText.parse("02-00-00-ab-cd-ef")).isEqualTo(-1);
        assertThat(MacText.parse("2:0:0:ab:cd:ef")).isEqualTo(-1);
    }
}
