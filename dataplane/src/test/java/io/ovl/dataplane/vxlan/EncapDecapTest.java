package io.ovl.dataplane.vxlan;

import static io.ovl.dataplane.vxlan.Frames.HEADROOM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;

class EncapDecapTest {
    private static final int VNI = 0xab_cdef;

    private final UnsafeBuffer buffer = Frames.buffer();
    private final VxlanDecap decap = new VxlanDecap();

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    private static StandardEncap encap(boolean isIpv6) {
        return isIpv6
                ? new StandardEncap(ip("fd00::1"), ip("fd00::2"), OuterHeaderPolicy.DEFAULT)
                : new StandardEncap(ip("10.77.0.1"), ip("10.77.0.2"), OuterHeaderPolicy.DEFAULT);
    }

    private byte[] bytes(int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    /** RFC 1071 word by word. */
    private int sum(int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = buffer.getByte(offset + i) & 0xff;
            sum += i % 2 == 0 ? octet << 8 : octet;
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return sum;
    }

    @Test
    void shouldWriteEightBytesInFrontOfACompactFrame() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        byte[] frame = bytes(HEADROOM, length);

        int start = Frames.put(CompactEncap.INSTANCE, buffer, length, VNI);

        assertThat(start).isEqualTo(HEADROOM - 8);
        assertThat(decap.decap(buffer, start, length + 8, true)).isNull();
        assertThat(decap.vni()).isEqualTo(VNI);
        assertThat(decap.frameOffset()).isEqualTo(HEADROOM);
        assertThat(bytes(decap.frameOffset(), decap.frameLength())).isEqualTo(frame);
    }

    @Test
    void shouldWriteIpv4AndUdpAsTheKernelReadsThem() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        StandardEncap encap = encap(false);

        int start = Frames.put(encap, buffer, length, VNI);

        assertThat(HEADROOM - start).isEqualTo(36).isEqualTo(encap.headerLength());
        assertThat(buffer.getInt(start, BIG_ENDIAN)).isEqualTo(0x4500_0000 | length + 36);
        assertThat(buffer.getInt(start + 4, BIG_ENDIAN)).isEqualTo(0x4000);
        assertThat(buffer.getShort(start + 8, BIG_ENDIAN)).isEqualTo((short) 0x4011);
        assertThat(sum(start, 20)).as("header checksum").isEqualTo(0xffff);
        assertThat(buffer.getInt(start + 12, BIG_ENDIAN)).isEqualTo(0x0a4d_0001);
        assertThat(buffer.getInt(start + 16, BIG_ENDIAN)).isEqualTo(0x0a4d_0002);
        assertThat(buffer.getShort(start + 20, BIG_ENDIAN) & 0xffff)
                .isEqualTo(InnerFlowHash.sourcePort(buffer, HEADROOM, length));
        assertThat(buffer.getShort(start + 22, BIG_ENDIAN)).isEqualTo((short) 4789);
        assertThat(buffer.getShort(start + 24, BIG_ENDIAN)).isEqualTo((short) (length + 16));
        assertThat(buffer.getShort(start + 26, BIG_ENDIAN)).as("UDP checksum").isZero();
    }

    @Test
    void shouldComputeTheUdpChecksumOverIpv6() {
        int length = Frames.putUdp6(buffer, 0, 64, 3);
        StandardEncap encap = encap(true);

        int start = Frames.put(encap, buffer, length, VNI);

        assertThat(HEADROOM - start).isEqualTo(56).isEqualTo(encap.headerLength());
        int udpLength = length + 16;
        assertThat(buffer.getShort(start + 4, BIG_ENDIAN)).isEqualTo((short) udpLength);
        assertThat(buffer.getShort(start + 46, BIG_ENDIAN)).isNotZero();
        int sum = sum(start + 8, 32) + sum(start + 40, udpLength) + udpLength + 17;
        assertThat(sum % 0xffff).as("UDP checksum").isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStripWhatItWrote(boolean isIpv6) {
        StandardEncap encap = encap(isIpv6);
        for (int length = 14; length < 1500; length++) {
            buffer.putByte(HEADROOM + length - 1, (byte) length);
            byte[] frame = bytes(HEADROOM, length);

            int start = Frames.put(encap, buffer, length, VNI);
            int packetLength = HEADROOM + length - start;

            assertThat(VxlanDecap.isStandard(buffer, start, packetLength)).isTrue();
            assertThat(VxlanDecap.vxlanOffset(buffer, start, packetLength)).isEqualTo(HEADROOM - 8);
            // Up to 15 bytes of WireGuard's padding may follow.
            assertThat(decap.decapStandard(buffer, start, packetLength + length % 16, true))
                    .isNull();
            assertThat(decap.vni()).isEqualTo(VNI);
            assertThat(bytes(decap.frameOffset(), decap.frameLength())).isEqualTo(frame);
        }
    }

    @Test
    void shouldCountEveryLengthFromNothingToSeventy() {
        VxlanFlyweight.put(buffer, 0, VNI);
        for (int length = 0; length <= 70; length++) {
            DropReason expected =
                    length < 8
                            ? DropReason.INVALID_LENGTH
                            : length < 22 ? DropReason.VXLAN_RUNT_FRAME : null;

            assertThat(decap.decap(buffer, 0, length, false)).as("%d", length).isEqualTo(expected);
            assertThat(VxlanDecap.peekVni(buffer, 0, length)).isEqualTo(length < 8 ? -1 : VNI);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseEveryTruncatedStandardPacket(boolean isIpv6) {
        int length =
                isIpv6 ? Frames.putUdp6(buffer, 0, 64, 3) : Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        int start = Frames.put(encap(isIpv6), buffer, length, VNI);
        for (int available = 0; available < HEADROOM + length - start; available++) {
            assertThat(decap.decapStandard(buffer, start, available, false))
                    .as("%d bytes", available)
                    .isEqualTo(DropReason.MALFORMED_INNER_PACKET);
            assertThat(VxlanDecap.isStandard(buffer, start, available)).isFalse();
        }
    }

    @Test
    void shouldRefuseStandardHeadersThatContradictThemselves() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 3);
        int start = Frames.put(encap(false), buffer, length, VNI);
        int packetLength = HEADROOM + length - start;
        assertMalformed(start, packetLength, start, (byte) 0x55, "version 5");
        assertMalformed(start, packetLength, start, (byte) 0x44, "a header of 16 bytes");
        assertMalformed(start, packetLength, start + 9, (byte) 6, "TCP");
        assertMalformed(start, packetLength, start + 6, (byte) 0x20, "a first fragment");
        assertMalformed(start, packetLength, start + 7, (byte) 1, "a later fragment");
        assertMalformed(start, packetLength, start + 25, (byte) 7, "a UDP length below its header");
        assertMalformed(
                start, packetLength, start + 24, (byte) 7, "a UDP length beyond the packet");
        assertMalformed(start, packetLength, start + 27, (byte) 1, "a wrong UDP checksum");
        assertThat(decap.decapStandard(buffer, start, packetLength, true)).isNull();
    }

    private void assertMalformed(int start, int length, int at, byte value, String what) {
        byte old = buffer.getByte(at);
        buffer.putByte(at, value);
        assertThat(decap.decapStandard(buffer, start, length, false))
                .as(what)
                .isEqualTo(DropReason.MALFORMED_INNER_PACKET);
        buffer.putByte(at, old);
    }

    @Test
    void shouldCountRuntsInsideStandardPackets() {
        for (int length = 0; length < 14; length++) {
            int start = HEADROOM - 36;
            Frames.put(encap(false), buffer, length, VNI);

            assertThat(decap.decapStandard(buffer, start, 36 + length, false))
                    .isEqualTo(DropReason.VXLAN_RUNT_FRAME);
        }
    }

    @Test
    void shouldNoticeEveryFlippedBitUnderAUdpChecksum() {
        int length = Frames.putUdp6(buffer, 0, 64, 3);
        int start = Frames.put(encap(true), buffer, length, VNI);
        int packetLength = HEADROOM + length - start;
        for (int bit = 40 * 8; bit < packetLength * 8; bit++) {
            int at = start + bit / 8;
            // A checksum of zero would say that there is none; one bit does not make it zero.
            buffer.putByte(at, (byte) (buffer.getByte(at) ^ 1 << bit % 8));
            assertThat(decap.decapStandard(buffer, start, packetLength, false)).isNotNull();
            buffer.putByte(at, (byte) (buffer.getByte(at) ^ 1 << bit % 8));
        }
    }

    @Test
    void shouldTakeOtherPortsForOrdinaryUdp() {
        int length = Frames.putUdp4(buffer, 0, 64, 1, 2, 1 << 16 | 4790);

        assertThat(VxlanDecap.isStandard(buffer, HEADROOM + 14, length - 14)).isFalse();
    }

    @Test
    void shouldReportTheStrippedTrafficClass() {
        int length = Frames.putUdp4(buffer, 2, 64, 1, 2, 3);
        StandardEncap encap =
                new StandardEncap(ip("10.0.0.1"), ip("10.0.0.2"), new OuterHeaderPolicy(0xb8, 99));
        int start = Frames.put(encap, buffer, length, 1);

        assertThat(buffer.getByte(start + 8)).isEqualTo((byte) 99);
        assertThat(sum(start, 20)).isEqualTo(0xffff);
        assertThat(decap.decapStandard(buffer, start, HEADROOM + length - start, true)).isNull();
        assertThat(decap.trafficClass()).isEqualTo(0xba);
        assertThatThrownBy(
                        () ->
                                new StandardEncap(
                                        ip("10.0.0.1"), ip("::1"), OuterHeaderPolicy.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
