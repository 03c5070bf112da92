package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.Allocation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class PartialFrameTest {
    private static final int OFFSET = 6;
    private static final int MTU = 1450;

    /** Five bytes by UDP from 10.0.0.1 to 10.0.0.2, sum 0a00 + 0001 + 0a00 + 0002 + 0011 + 000d. */
    private static final String UDP4 =
            "020000000001 020000000002 0800 4500002100014000401126c9 0a000001 0a000002"
                    + " 1092 0050 000d 1421 68656c6c6f";

    /** A SYN from fd00::1 to fd00::2, sum fd00 + 0001 + fd00 + 0002 + 0006 + 0014. */
    private static final String TCP6 =
            "020000000001 020000000002 86dd 6000000000140640"
                    + " fd000000000000000000000000000001 fd000000000000000000000000000002"
                    + " 1092 0050 000003e8 00000000 5002 0200 fa1e 0000";

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(70_000));
    private final UnsafeBuffer virtio = new UnsafeBuffer(new byte[VirtioNetHeader.LENGTH]);
    private final PartialFrame partial = new PartialFrame();

    private boolean parse(byte[] frame, int linkLength) {
        buffer.putBytes(OFFSET, frame);
        return partial.parse(buffer, OFFSET, frame.length, linkLength);
    }

    private boolean parse(PacketBuilder packet, byte[] frame) {
        return parse(frame, packet.link.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static Stream<PacketBuilder> packets() {
        return Stream.of(
                        PacketBuilder.tcp4(),
                        PacketBuilder.udp4(),
                        PacketBuilder.tcp6(),
                        PacketBuilder.udp6())
                .flatMap(PartialFrameTest::behindLinkHeaders);
    }

    private static Stream<PacketBuilder> behindLinkHeaders(PacketBuilder packet) {
        PacketBuilder plain = packet.payload(1000, 3);
        plain.link = plain.isIpv6 ? PacketBuilder.ETHERNET_IPV6 : PacketBuilder.ETHERNET_IPV4;
        PacketBuilder tagged = plain.copy();
        tagged.link = plain.isIpv6 ? PacketBuilder.QINQ_IPV6 : PacketBuilder.VLAN_IPV4;
        return Stream.of(plain, tagged);
    }

    private void checkVirtioHeader(
            int type, int headerLength, int gsoSize, int start, int checksumOffset) {
        assertThat(VirtioNetHeader.flags(virtio, 0)).isEqualTo(VirtioNetHeader.FLAG_NEEDS_CSUM);
        assertThat(VirtioNetHeader.gsoType(virtio, 0)).isEqualTo(type);
        assertThat(VirtioNetHeader.headerLength(virtio, 0)).isEqualTo(headerLength);
        assertThat(VirtioNetHeader.gsoSize(virtio, 0)).isEqualTo(gsoSize);
        assertThat(VirtioNetHeader.checksumStart(virtio, 0)).isEqualTo(start);
        assertThat(VirtioNetHeader.checksumOffset(virtio, 0)).isEqualTo(checksumOffset);
    }

    @Test
    void shouldTakeTheSumOfThePseudoHeader() {
        assertThat(parse(bytes(UDP4), 14)).isTrue();
        partial.putVirtioHeader(virtio, 0, MTU, 0);
        checkVirtioHeader(VirtioNetHeader.GSO_NONE, 0, 0, 34, 6);

        assertThat(parse(bytes(TCP6), 14)).isTrue();
        partial.putVirtioHeader(virtio, 0, MTU, 0);
        checkVirtioHeader(VirtioNetHeader.GSO_NONE, 0, 0, 54, 16);
    }

    @Test
    void shouldTakeNoOtherNumber() {
        for (String hex : new String[] {UDP4, TCP6}) {
            byte[] frame = bytes(hex);
            int field = hex.equals(UDP4) ? 40 : 70;
            for (int i = 0; i < 16; i++) {
                byte[] other = frame.clone();
                other[field + i / 8] ^= (byte) (1 << i % 8);
                assertThat(parse(other, 14)).as("bit %d", i).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldTellPartialFromCompleteChecksums(PacketBuilder packet) {
        assertThat(parse(packet, packet.buildPartial())).isTrue();
        assertThat(partial.isUdp()).isEqualTo(!packet.isTcp);
        partial.putVirtioHeader(virtio, 0, MTU, 0);
        checkVirtioHeader(
                VirtioNetHeader.GSO_NONE, 0, 0, packet.transportStart(), packet.checksumOffset());

        assertThat(parse(packet, packet.build())).isFalse();
    }

    @Test
    void shouldLeaveUdpWithoutChecksumAlone() {
        byte[] frame = bytes(UDP4);
        frame[40] = 0;
        frame[41] = 0;
        assertThat(parse(frame, 14)).isFalse();
    }

    /** One payload in 65,536 makes the right checksum the same number as the partial one. */
    @ParameterizedTest
    @MethodSource("packets")
    void shouldNotHarmRightChecksumsThatLookPartial(PacketBuilder packet) {
        int found = 0;
        for (int word = 0; word < 1 << 16; word++) {
            packet.payload[0] = (byte) (word >> 8);
            packet.payload[1] = (byte) word;
            byte[] frame = packet.build();
            if (parse(packet, frame)) {
                found++;
                int start = checksumStart();
                InternetChecksum.finish(
                        buffer,
                        OFFSET + start,
                        frame.length - start,
                        OFFSET + start + packet.checksumOffset());
                byte[] finished = new byte[frame.length];
                buffer.getBytes(OFFSET, finished);
                assertThat(finished).isEqualTo(frame);
            }
        }
        assertThat(found).isPositive();
    }

    private int checksumStart() {
        partial.putVirtioHeader(virtio, 0, MTU, 0);
        return VirtioNetHeader.checksumStart(virtio, 0);
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldMakeTcpSegmentsAsLongAsTheMtu(PacketBuilder packet) {
        packet.payload(60_000, 1);
        assertThat(parse(packet, packet.buildPartial())).isTrue();

        partial.putVirtioHeader(virtio, 0, MTU, 0);

        int headers = packet.headerLength();
        boolean isSuper = packet.isTcp;
        checkVirtioHeader(
                isSuper ? packet.gsoType() : VirtioNetHeader.GSO_NONE,
                isSuper ? headers : 0,
                isSuper ? MTU - (headers - packet.link.length) : 0,
                packet.transportStart(),
                packet.checksumOffset());
    }

    @Test
    void shouldSegmentNothingThatFitsTheMtu() {
        PacketBuilder packet = PacketBuilder.tcp4();
        packet.link = PacketBuilder.ETHERNET_IPV4;
        packet.tcpOptions = new byte[12];
        for (int excess = 0; excess <= 1; excess++) {
            packet.payload(MTU - 52 + excess, 1);
            assertThat(parse(packet, packet.buildPartial())).isTrue();
            partial.putVirtioHeader(virtio, 0, MTU, 0);
            assertThat(VirtioNetHeader.gsoSize(virtio, 0)).isEqualTo(excess * (MTU - 52));
        }
        // No room for any payload: nothing to be made of it.
        partial.putVirtioHeader(virtio, 0, 52, 0);
        assertThat(VirtioNetHeader.gsoType(virtio, 0)).isEqualTo(VirtioNetHeader.GSO_NONE);
    }

    @Test
    void shouldKeepCongestionWindowReducedOnTheFirstSegment() {
        PacketBuilder packet = PacketBuilder.tcp6().payload(5000, 1);
        packet.link = PacketBuilder.ETHERNET_IPV6;
        packet.flags |= TcpFlyweight.CWR;
        assertThat(parse(packet, packet.buildPartial())).isTrue();
        partial.putVirtioHeader(virtio, 0, MTU, 0);
        assertThat(VirtioNetHeader.gsoType(virtio, 0))
                .isEqualTo(VirtioNetHeader.GSO_TCPV6 | VirtioNetHeader.GSO_ECN);
    }

    @Test
    void shouldMakeUdpDatagramsAsLongAsTheSocketSaid() {
        PacketBuilder packet = PacketBuilder.udp6().payload(5500, 1);
        packet.link = PacketBuilder.ETHERNET_IPV6;
        assertThat(parse(packet, packet.buildPartial())).isTrue();
        partial.putVirtioHeader(virtio, 0, MTU, 1000);
        checkVirtioHeader(VirtioNetHeader.GSO_UDP_L4, 62, 1000, 54, 6);
    }

    @Test
    void shouldNotCountPadding() {
        byte[] frame = Arrays.copyOf(bytes(UDP4), 60);
        Arrays.fill(frame, 47, 60, (byte) 0xff);
        assertThat(parse(frame, 14)).isTrue();
        assertThat(partial.length()).isEqualTo(47);
    }

    @Test
    void shouldLeaveFragmentsAlone() {
        for (int fragment : new int[] {0x2000, 1}) {
            PacketBuilder packet = PacketBuilder.udp4().payload(100, 1);
            packet.link = PacketBuilder.ETHERNET_IPV4;
            packet.fragment = fragment;
            assertThat(parse(packet, packet.buildPartial())).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldTakeNothingThatIsCutOff(PacketBuilder packet) {
        byte[] frame = packet.payload(20, 1).buildPartial();
        for (int length = packet.link.length; length < frame.length; length++) {
            UnsafeBuffer exact = new UnsafeBuffer(Arrays.copyOf(frame, length));
            assertThat(partial.parse(exact, 0, length, packet.link.length))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    /** Every read stays inside a frame whose lengths lie. */
    @Test
    void shouldBearDamagedHeaders() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 200_000; round++) {
            PacketBuilder packet = RandomPackets.packet(random);
            byte[] frame = packet.payload(random.nextInt(40), 1).buildPartial();
            for (int i = random.nextInt(4); i > 0; i--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(packet.link.length, frame.length + 1);
            UnsafeBuffer exact = new UnsafeBuffer(Arrays.copyOf(frame, length));
            if (partial.parse(exact, 0, length, packet.link.length)) {
                partial.putVirtioHeader(virtio, 0, 68 + random.nextInt(1500), 0);
                int field =
                        VirtioNetHeader.checksumStart(virtio, 0)
                                + VirtioNetHeader.checksumOffset(virtio, 0);
                assertThat(partial.length()).isLessThanOrEqualTo(length);
                assertThat(field + 2).isLessThanOrEqualTo(partial.length());
                assertThat(VirtioNetHeader.headerLength(virtio, 0)).isLessThan(partial.length());
            }
        }
    }

    @Test
    void shouldNotAllocate() {
        byte[] frame = bytes(TCP6);
        buffer.putBytes(OFFSET, frame);
        assertThat(
                        Allocation.bytesOf(
                                () -> {
                                    for (int i = 0; i < 5_000; i++) {
                                        if (partial.parse(buffer, OFFSET, frame.length, 14)) {
                                            partial.putVirtioHeader(virtio, 0, MTU, 0);
                                        }
                                    }
                                }))
                .isZero();
    }
}
