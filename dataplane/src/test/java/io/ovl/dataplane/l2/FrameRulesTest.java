package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** MTU arithmetic, answers to what is too large, MSS clamping and trimming. */
class FrameRulesTest {
    private static final String MACS = "020000000001020000000002";

    private static UnsafeBuffer buffer(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
        buffer.putBytes(0, bytes);
        return buffer;
    }

    private static int sum(UnsafeBuffer buffer, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = buffer.getByte(offset + i) & 0xff;
            sum += i % 2 == 0 ? octet << 8 : octet;
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "L3, false, false, 1500, 60, 1440",
        "L3, true, false, 1500, 80, 1420",
        "COMPACT, false, false, 1500, 82, 1418",
        "COMPACT, true, false, 1500, 102, 1398",
        "STANDARD, false, false, 1500, 110, 1390",
        "STANDARD, true, false, 1500, 130, 1370",
        "STANDARD, true, true, 1500, 150, 1350",
        "VXLAN, false, false, 1500, 50, 1450",
        "VXLAN, true, false, 1500, 70, 1430",
        "COMPACT, false, false, 9000, 82, 8918",
        "VXLAN, false, false, 1280, 50, 1230",
    })
    void shouldComputeWhatTheUnderlayLeaves(
            WireMode mode,
            boolean isUnderlayIpv6,
            boolean isOverlayIpv6,
            int underlayMtu,
            int overhead,
            int mtu) {
        OverlayMtu overlay = new OverlayMtu(mode, isUnderlayIpv6, isOverlayIpv6, underlayMtu);

        assertThat(overlay.overhead()).isEqualTo(overhead);
        assertThat(overlay.mtu()).isEqualTo(mtu);
        assertThat(overlay.underlayLength(mtu)).isEqualTo(underlayMtu);
        for (int length = 0; length <= mtu; length++) {
            assertThat(overlay.underlayLength(length))
                    .isBetween(length + overhead, Math.min(length + overhead + 15, underlayMtu));
        }
    }

    @Test
    void shouldExplainASumThatAddsUp() {
        for (WireMode mode : WireMode.values()) {
            for (int underlayMtu : new int[] {576, 1280, 1492, 1500, 9000}) {
                OverlayMtu overlay = new OverlayMtu(mode, true, true, underlayMtu);
                int sum = 0;
                int total = 0;
                for (String line : overlay.explanation()) {
                    if (line.matches(". {1,5}\\d+  .*")) {
                        int value = Integer.parseInt(line.substring(1, 7).strip());
                        switch (line.charAt(0)) {
                            case '-' -> sum -= value;
                            case '=' -> total = value;
                            default -> sum += value;
                        }
                    }
                }
                assertThat(sum).isEqualTo(total).isEqualTo(overlay.mtu());
                assertThat(overlay.explanation().getLast().contains("1280"))
                        .isEqualTo(overlay.mtu() < 1280);
            }
        }
    }

    @Test
    void shouldSayWhatTheKernelsDefaultCarriesInStandardMode() {
        assertThat(new OverlayMtu(WireMode.STANDARD, false, false, 1500).explanation())
                .anyMatch(line -> line.contains("MTU of 1440") && line.endsWith("carries 1370"));
    }

    @Test
    void shouldRefuseAnUnderlayThatCarriesNothing() {
        assertThatThrownBy(() -> new OverlayMtu(WireMode.COMPACT, false, false, 82))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String ipv4(int totalLength, String protocol, String rest) {
        return "4500"
                + String.format("%04x", totalLength)
                + "00004000"
                + "40"
                + protocol
                + "0000"
                + "0a000001"
                + "0a000002"
                + rest;
    }

    @Test
    void shouldAnswerABridgedPacketThatIsTooBig() {
        for (String tags : new String[] {"", "81000064", "88a8000a81000064"}) {
            int link = 14 + tags.length() / 2;
            UnsafeBuffer frame = buffer(MACS + tags + "0800" + ipv4(1500, "11", "00350035"));
            UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(FrameTooBig.MAX_LENGTH));

            int length = FrameTooBig.answer(frame, 0, link + 1500, 1418, out, 0);

            assertThat(length).isEqualTo(link + 576);
            assertThat(EthernetFlyweight.destination(out, 0)).isEqualTo(0x0200_0000_0002L);
            assertThat(EthernetFlyweight.source(out, 0)).isEqualTo(0x0200_0000_0001L);
            assertThat(EthernetFlyweight.linkLength(out, 0, length)).isEqualTo(link);
            assertThat(out.getInt(link + 16, java.nio.ByteOrder.BIG_ENDIAN))
                    .as("to the sender")
                    .isEqualTo(0x0a00_0001);
            assertThat(out.getShort(link + 20)).as("type 3, code 4").isEqualTo((short) 0x0403);
            assertThat(out.getShort(link + 26, java.nio.ByteOrder.BIG_ENDIAN))
                    .isEqualTo((short) 1418);
            assertThat(sum(out, link, 20)).isEqualTo(0xffff);
            assertThat(sum(out, link + 20, 556)).isEqualTo(0xffff);
        }
    }

    @Test
    void shouldAnswerNobodyForGroupsAndForWhatIsNotIp() {
        UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(FrameTooBig.MAX_LENGTH));
        String packet = ipv4(1500, "11", "");
        for (String header :
                new String[] {
                    "ffffffffffff020000000002" + "0800",
                    "01005e000001020000000002" + "0800",
                    MACS + "0806",
                    MACS + "8847"
                }) {
            assertThat(FrameTooBig.answer(buffer(header + packet), 0, 1514, 1418, out, 0)).isZero();
        }
        assertThat(FrameTooBig.answer(buffer(MACS), 0, 12, 1418, out, 0)).isZero();
    }

    private static String syn(String options) {
        int dataOffset = 5 + options.length() / 8;
        return "1000"
                + "0050"
                + "00000001"
                + "00000000"
                + Integer.toHexString(dataOffset)
                + "002"
                + "ffff"
                + "0000"
                + "0000"
                + options;
    }

    /** The packet with its TCP checksum, and the sum over it with the pseudo-header, which is 0xffff. */
    private static UnsafeBuffer tcp(boolean isIpv6, String segment) {
        int length = segment.length() / 2;
        UnsafeBuffer packet =
                isIpv6
                        ? buffer(
                                "60000000"
                                        + String.format("%04x", length)
                                        + "0640"
                                        + "fd00"
                                        + "00".repeat(13)
                                        + "01"
                                        + "fd00"
                                        + "00".repeat(13)
                                        + "02"
                                        + segment)
                        : buffer(ipv4(20 + length, "06", segment));
        int tcp = isIpv6 ? 40 : 20;
        int checksum = ~tcpSum(packet, isIpv6, length) & 0xffff;
        packet.putShort(tcp + 16, (short) checksum, java.nio.ByteOrder.BIG_ENDIAN);
        return packet;
    }

    private static int tcpSum(UnsafeBuffer packet, boolean isIpv6, int length) {
        int sum =
                sum(packet, isIpv6 ? 8 : 12, isIpv6 ? 32 : 8)
                        + sum(packet, isIpv6 ? 40 : 20, length)
                        + length
                        + 6;
        sum = (sum & 0xffff) + (sum >> 16);
        return (sum & 0xffff) + (sum >> 16);
    }

    @ParameterizedTest
    @CsvSource({
        "020405b4, 2, 1418, 1378, 1358",
        "0101020405b40101, 4, 1418, 1378, 1358",
        "01020405b4010101, 3, 1418, 1378, 1358",
        "0402080a0000000100000000020405b401030307, 14, 9000, 1460, 1460",
        "020402000101010101010101, 2, 1418, 512, 512",
    })
    void shouldLowerTheSegmentSizeOfASynAndFixItsChecksum(
            String options, int at, int mtu, int ipv4Mss, int ipv6Mss) {
        for (boolean isIpv6 : new boolean[] {false, true}) {
            String segment = syn(options);
            int length = segment.length() / 2;
            UnsafeBuffer packet = tcp(isIpv6, segment);
            int tcp = isIpv6 ? 40 : 20;
            int before = packet.getShort(tcp + 20 + at, java.nio.ByteOrder.BIG_ENDIAN);
            int expected = isIpv6 ? ipv6Mss : ipv4Mss;

            boolean isChanged = MssClamp.clamp(packet, 0, tcp + length, mtu, false);

            assertThat(isChanged).isEqualTo(before != expected);
            assertThat(packet.getShort(tcp + 20 + at, java.nio.ByteOrder.BIG_ENDIAN))
                    .isEqualTo((short) expected);
            assertThat(tcpSum(packet, isIpv6, length)).isEqualTo(0xffff);
        }
    }

    @Test
    void shouldLeaveAPartialChecksumAlone() {
        UnsafeBuffer packet = tcp(false, syn("020405b4"));
        short checksum = packet.getShort(36);

        assertThat(MssClamp.clamp(packet, 0, 44, 1000, true)).isTrue();
        assertThat(packet.getShort(36)).isEqualTo(checksum);
    }

    @Test
    void shouldLeaveOtherPacketsAsTheyAre() {
        String ack = syn("020405b4").replace("6002", "6010");
        assertThat(MssClamp.clamp(tcp(false, ack), 0, 44, 1000, false)).isFalse();
        assertThat(MssClamp.clamp(tcp(false, syn("00000000")), 0, 44, 1000, false)).isFalse();
        assertThat(MssClamp.clamp(tcp(false, syn("02000000")), 0, 44, 1000, false)).isFalse();
        assertThat(MssClamp.clamp(tcp(false, syn("02ff05b4")), 0, 44, 1000, false)).isFalse();
        assertThat(MssClamp.clamp(buffer(ipv4(24, "11", "020405b4")), 0, 24, 1000, false))
                .isFalse();
        UnsafeBuffer fragment = tcp(false, syn("020405b4"));
        fragment.putByte(6, (byte) 0x20);
        assertThat(MssClamp.clamp(fragment, 0, 44, 1000, false)).isFalse();
        for (int length = 0; length < 44; length++) {
            assertThat(MssClamp.clamp(tcp(false, syn("020405b4")), 0, length, 1000, false))
                    .isFalse();
        }
    }

    @Test
    void shouldTrimThePaddingOfWhatSaysItsLength() {
        UnsafeBuffer ip = buffer(MACS + "0800" + ipv4(24, "11", "00350035"));
        UnsafeBuffer arp = buffer(MACS + "8100000a" + "0806");
        UnsafeBuffer bpdu = buffer("0180c2000000" + "020000000002" + "0026" + "424203");
        UnsafeBuffer other = buffer(MACS + "88cc");
        for (int padding = 0; padding < 16; padding++) {
            assertThat(EthernetFlyweight.trimmedLength(ip, 0, 38 + padding)).isEqualTo(38);
            assertThat(EthernetFlyweight.trimmedLength(arp, 0, 46 + padding)).isEqualTo(46);
            assertThat(EthernetFlyweight.trimmedLength(bpdu, 0, 52 + padding)).isEqualTo(52);
            assertThat(EthernetFlyweight.trimmedLength(other, 0, 60 + padding))
                    .isEqualTo(60 + padding);
        }
        assertThat(EthernetFlyweight.trimmedLength(ip, 0, 60)).as("its own padding").isEqualTo(60);
        assertThat(EthernetFlyweight.trimmedLength(ip, 0, 37)).as("truncated").isEqualTo(37);
        assertThat(EthernetFlyweight.trimmedLength(ip, 0, 5)).isEqualTo(5);
    }
}
