package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

class SegmenterTest {
    private static final int VNET_OFFSET = 37;
    private static final int FRAME_OFFSET = VNET_OFFSET + VirtioNetHeader.LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(80_000));
    private final Segmenter segmenter = new Segmenter();

    @Test
    void shouldSplitTcpOverIpv4() {
        assertSegments(PacketBuilder.tcp4().payload(5000, 1), 1400);
    }

    @Test
    void shouldSplitTcpOverIpv6() {
        assertSegments(PacketBuilder.tcp6().payload(5000, 1), 1400);
    }

    @Test
    void shouldSplitUdpOverBoth() {
        assertSegments(PacketBuilder.udp4().payload(5000, 1), 1400);
        assertSegments(PacketBuilder.udp6().payload(5000, 1), 1400);
    }

    @Test
    void shouldSplitBehindVlanTags() {
        PacketBuilder tagged = PacketBuilder.tcp4().payload(3000, 1);
        tagged.link = PacketBuilder.VLAN_IPV4;
        assertSegments(tagged, 1000);
        PacketBuilder stacked = PacketBuilder.udp6().payload(3001, 1);
        stacked.link = PacketBuilder.QINQ_IPV6;
        assertSegments(stacked, 1000);
    }

    @Test
    void shouldCopyIpv4AndTcpOptionsToEverySegment() {
        PacketBuilder packet = PacketBuilder.tcp4().payload(3000, 9);
        packet.ipOptions = new byte[] {(byte) 0x94, 4, 0, 0, 1, 1, 1, 0};
        packet.tcpOptions = new byte[] {1, 1, 8, 10, 0, 0, 0, 5, 0, 0, 0, 6};
        assertSegments(packet, 1234);
    }

    @Test
    void shouldSplitBehindIpv6ExtensionHeaders() {
        PacketBuilder packet = PacketBuilder.tcp6().payload(3000, 9);
        packet.extensionHeader = Ipv6Flyweight.HOP_BY_HOP_OPTIONS;
        packet.extensions = new byte[] {60, 0, 1, 4, 0, 0, 0, 0, 6, 0, 1, 4, 0, 0, 0, 0};
        assertSegments(packet, 1234);
    }

    @Test
    void shouldKeepPseudoHeaderOfRoutedPackets() {
        PacketBuilder packet = PacketBuilder.tcp6().payload(3000, 9);
        packet.extensionHeader = Ipv6Flyweight.ROUTING;
        packet.extensions = new byte[24];
        packet.extensions[0] = 6;
        packet.extensions[1] = 2;
        packet.finalDestination = PacketBuilder.address6(99);
        assertSegments(packet, 1234);
    }

    @Test
    void shouldKeepFinAndPshForLastAndCwrForFirstSegment() {
        PacketBuilder packet = PacketBuilder.tcp4().payload(250, 0);
        packet.flags = 0xff;
        List<byte[]> segments = segments(packet, 100);
        assertThat(segments).hasSize(3);
        assertThat(segments.get(0)[33] & 0xff).isEqualTo(0xf6);
        assertThat(segments.get(1)[33] & 0xff).isEqualTo(0x76);
        assertThat(segments.get(2)[33] & 0xff).isEqualTo(0x7f);
        assertSegments(packet, 100);
    }

    @Test
    void shouldWrapIdentificationAndSequence() {
        PacketBuilder packet = PacketBuilder.tcp4().payload(500, 0);
        packet.identification = 0xfffe;
        packet.sequence = -150;
        assertSegments(packet, 100);
    }

    @Test
    void shouldMakeOnePacketWhenPayloadFitsIntoOneSegment() {
        assertSegments(PacketBuilder.tcp4().payload(100, 0), 100);
        assertSegments(PacketBuilder.udp4().payload(99, 0), 100);
    }

    @Test
    void shouldSplitIntoSegmentsShorterThanTheirHeaders() {
        assertSegments(PacketBuilder.tcp4().payload(30, 0), 1);
        assertSegments(PacketBuilder.udp6().payload(47, 0), 7);
    }

    @Test
    void shouldSplitLargestSuperPacket() {
        assertSegments(PacketBuilder.tcp4().payload(65_535 - 40, 0), 1380);
        assertSegments(PacketBuilder.tcp6().payload(65_535 - 20, 0), 1360);
        assertSegments(PacketBuilder.udp4().payload(65_535 - 28, 0), 1472);
    }

    @Test
    void shouldReportLongestSegment() {
        load(PacketBuilder.tcp4().payload(250, 0), 100);
        assertThat(Segmenter.longestPacket(buffer, VNET_OFFSET, 290)).isEqualTo(140);
        load(PacketBuilder.tcp4().payload(50, 0), 100);
        assertThat(Segmenter.longestPacket(buffer, VNET_OFFSET, 90)).isEqualTo(90);
    }

    @Test
    void shouldSplitRandomSuperPacketsAsReferenceDoes() {
        SplittableRandom random = new SplittableRandom(20_240_611);
        for (int i = 0; i < 3000; i++) {
            PacketBuilder packet = RandomPackets.packet(random);
            packet.flags = random.nextInt(256);
            int length = RandomPackets.payloadLength(random, 20_000);
            packet.payload(length, random.nextInt(256));
            int gsoSize = Math.max(RandomPackets.payloadLength(random, 3000), length / 100 + 1);
            assertSegments(packet, gsoSize);
        }
    }

    @Test
    void shouldPassCompleteFrameUnchanged() {
        byte[] frame = PacketBuilder.tcp4().payload(100, 0).build();
        buffer.putBytes(FRAME_OFFSET, frame);
        VirtioNetHeader.putPlain(buffer, VNET_OFFSET);
        assertThat(segmenter.begin(buffer, VNET_OFFSET, frame.length, 0)).isEqualTo(1);
        assertThat(Segmenter.longestPacket(buffer, VNET_OFFSET, frame.length))
                .isEqualTo(frame.length);
        segmenter.next();
        assertThat(segmenter.offset()).isEqualTo(FRAME_OFFSET);
        assertThat(current()).isEqualTo(frame);
    }

    @Test
    void shouldPassFrameThatIsNoIpPacketUnchanged() {
        byte[] arp = new byte[42];
        Arrays.fill(arp, (byte) 0x45);
        buffer.putBytes(FRAME_OFFSET, arp);
        VirtioNetHeader.putPlain(buffer, VNET_OFFSET);
        assertThat(segmenter.begin(buffer, VNET_OFFSET, arp.length, 14)).isEqualTo(1);
        segmenter.next();
        assertThat(current()).isEqualTo(arp);
    }

    @Test
    void shouldFinishPartialChecksumInPlace() {
        for (PacketBuilder packet :
                List.of(
                        PacketBuilder.tcp4().payload(999, 3),
                        PacketBuilder.udp4().payload(1000, 3),
                        PacketBuilder.tcp6().payload(0, 3),
                        PacketBuilder.udp6().payload(1, 3))) {
            packet.link = packet.isIpv6 ? PacketBuilder.ETHERNET_IPV6 : PacketBuilder.ETHERNET_IPV4;
            load(packet, 0);
            buffer.putByte(VNET_OFFSET + 1, (byte) VirtioNetHeader.GSO_NONE);
            byte[] expected = packet.build();
            assertThat(segmenter.begin(buffer, VNET_OFFSET, expected.length, packet.link.length))
                    .isEqualTo(1);
            segmenter.next();
            assertThat(current()).isEqualTo(expected);
        }
    }

    @Test
    void shouldSendAllOnesForZeroUdpChecksum() {
        PacketBuilder packet = PacketBuilder.udp4().payload(2, 0);
        int rest = ~PacketBuilder.sum(pseudoAndHeader(packet)) & 0xffff;
        packet.payload = new byte[] {(byte) (rest >> 8), (byte) rest};
        load(packet, 0);
        buffer.putByte(VNET_OFFSET + 1, (byte) VirtioNetHeader.GSO_NONE);
        assertThat(segmenter.begin(buffer, VNET_OFFSET, 30, 0)).isEqualTo(1);
        segmenter.next();
        assertThat(Arrays.copyOfRange(current(), 26, 28)).containsExactly(0xff, 0xff);
    }

    private static byte[] pseudoAndHeader(PacketBuilder packet) {
        packet.payload = new byte[2];
        byte[] frame = packet.build();
        byte[] bytes = new byte[24];
        System.arraycopy(frame, 12, bytes, 0, 8);
        bytes[9] = 17;
        bytes[11] = 10;
        System.arraycopy(frame, 20, bytes, 12, 6);
        return bytes;
    }

    @Test
    void shouldRefusePartialChecksumOutsideOfFrame() {
        load(PacketBuilder.tcp4().payload(100, 3), 0);
        buffer.putByte(VNET_OFFSET + 1, (byte) VirtioNetHeader.GSO_NONE);
        buffer.putShort(VNET_OFFSET + 6, (short) 123);
        assertMalformed(140, 0);
        buffer.putShort(VNET_OFFSET + 6, (short) 0xffff);
        buffer.putShort(VNET_OFFSET + 8, (short) 0xffff);
        assertMalformed(140, 0);
        buffer.putShort(VNET_OFFSET + 6, (short) 13);
        buffer.putShort(VNET_OFFSET + 8, (short) 0);
        assertMalformed(140, 14);
    }

    @Test
    void shouldRefuseSuperPacketWithoutPartialChecksum() {
        assertRefused(() -> buffer.putByte(VNET_OFFSET, (byte) 0));
    }

    @Test
    void shouldRefuseUnknownGsoTypes() {
        for (int type : new int[] {2, VirtioNetHeader.GSO_UDP, 6, 0x7f}) {
            assertRefused(() -> buffer.putByte(VNET_OFFSET + 1, (byte) type));
        }
    }

    @Test
    void shouldRefuseGsoTypeOfOtherVersionOrProtocol() {
        assertRefused(() -> buffer.putByte(VNET_OFFSET + 1, (byte) VirtioNetHeader.GSO_TCPV6));
        assertRefused(
                () -> {
                    buffer.putByte(VNET_OFFSET + 1, (byte) VirtioNetHeader.GSO_UDP_L4);
                    buffer.putShort(VNET_OFFSET + 8, (short) 6);
                });
    }

    @Test
    void shouldRefuseZeroGsoSize() {
        assertRefused(() -> buffer.putShort(VNET_OFFSET + 4, (short) 0));
    }

    @Test
    void shouldRefuseChecksumPlaceThatIsNotTheTransportHeaders() {
        assertRefused(() -> buffer.putShort(VNET_OFFSET + 6, (short) 24));
        assertRefused(() -> buffer.putShort(VNET_OFFSET + 6, (short) 0xffff));
        assertRefused(() -> buffer.putShort(VNET_OFFSET + 8, (short) 6));
    }

    @Test
    void shouldRefuseIpLengthThatIsNotTheFrames() {
        assertRefused(() -> Ipv4Flyweight.totalLength(buffer, FRAME_OFFSET, 3039));
        assertRefused(() -> Ipv4Flyweight.totalLength(buffer, FRAME_OFFSET, 3041));
    }

    @Test
    void shouldRefuseFragments() {
        assertRefused(() -> buffer.putByte(FRAME_OFFSET + 6, (byte) 0x20));
        assertRefused(() -> buffer.putByte(FRAME_OFFSET + 7, (byte) 1));
    }

    @Test
    void shouldRefuseTcpHeaderLengthOutOfRange() {
        assertRefused(() -> buffer.putByte(FRAME_OFFSET + 32, (byte) 0x40));
        PacketBuilder packet = PacketBuilder.tcp4().payload(8, 0);
        load(packet, 100);
        buffer.putByte(FRAME_OFFSET + 32, (byte) 0x70);
        assertMalformed(48, 0);
        buffer.putByte(FRAME_OFFSET + 32, (byte) 0x80);
        assertMalformed(48, 0);
    }

    @Test
    void shouldRefuseUdpLengthThatIsNotTheFrames() {
        load(PacketBuilder.udp4().payload(1000, 0), 100);
        UdpFlyweight.length(buffer, FRAME_OFFSET + 20, 1007);
        assertMalformed(1028, 0);
    }

    @Test
    void shouldRefuseSuperPacketWithoutPayload() {
        load(PacketBuilder.tcp4(), 100);
        assertMalformed(40, 0);
    }

    @Test
    void shouldRefuseHeadersThatDoNotFit() {
        PacketBuilder packet = PacketBuilder.tcp6().payload(2000, 0);
        packet.extensionHeader = Ipv6Flyweight.DESTINATION_OPTIONS;
        packet.extensions = new byte[512];
        packet.extensions[0] = 6;
        packet.extensions[1] = 63;
        load(packet, 100);
        assertMalformed(packet.buildPartial().length, 0);
    }

    @Test
    void shouldRefuseLinkHeaderWithOtherEtherType() {
        PacketBuilder packet = PacketBuilder.tcp4().payload(2000, 0);
        packet.link = PacketBuilder.ETHERNET_IPV6;
        load(packet, 100);
        assertMalformed(2054, 14);
    }

    @Test
    void shouldRefuseMoreNextThanSegments() {
        load(PacketBuilder.tcp4().payload(100, 0), 100);
        segmenter.begin(buffer, VNET_OFFSET, 140, 0);
        segmenter.next();
        assertThatThrownBy(segmenter::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldNeverThrowNorLeaveTheFrameForCorruptInput() {
        SplittableRandom random = new SplittableRandom(99);
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            PacketBuilder packet = RandomPackets.packet(random);
            packet.payload(random.nextInt(300), i);
            load(packet, 1 + random.nextInt(200));
            int length = packet.headerLength() + packet.payload.length;
            int flips = random.nextInt(4);
            int area = VirtioNetHeader.LENGTH + packet.headerLength();
            for (int flip = 0; flip < flips; flip++) {
                buffer.putByte(VNET_OFFSET + random.nextInt(area), (byte) random.nextInt());
            }
            int taken = random.nextInt(3) == 0 ? random.nextInt(length + 1) : length;
            int linkLength = random.nextInt(8) == 0 ? random.nextInt(60) : packet.link.length;
            buffer.putLong(FRAME_OFFSET + taken, 0x1122334455667788L);
            long before = buffer.getLong(VNET_OFFSET - 8);
            int longest = Segmenter.longestPacket(buffer, VNET_OFFSET, taken);
            int count = segmenter.begin(buffer, VNET_OFFSET, taken, linkLength);
            for (int segment = 0; segment < count; segment++) {
                segmenter.next();
                assertThat(segmenter.offset()).isGreaterThanOrEqualTo(FRAME_OFFSET);
                assertThat(segmenter.length()).isLessThanOrEqualTo(longest);
                assertThat(segmenter.offset() + segmenter.length())
                        .isLessThanOrEqualTo(FRAME_OFFSET + taken);
            }
            assertThat(buffer.getLong(FRAME_OFFSET + taken)).isEqualTo(0x1122334455667788L);
            assertThat(buffer.getLong(VNET_OFFSET - 8)).isEqualTo(before);
            accepted += count > 0 ? 1 : 0;
        }
        assertThat(accepted).isBetween(20_000, 180_000);
    }

    private void assertRefused(Runnable corruption) {
        load(PacketBuilder.tcp4().payload(3000, 0), 1000);
        corruption.run();
        assertMalformed(3040, 0);
    }

    private void assertMalformed(int length, int linkLength) {
        byte[] before = new byte[length];
        buffer.getBytes(FRAME_OFFSET, before);
        assertThat(segmenter.begin(buffer, VNET_OFFSET, length, linkLength))
                .isEqualTo(Segmenter.MALFORMED);
        byte[] after = new byte[length];
        buffer.getBytes(FRAME_OFFSET, after);
        assertThat(after).isEqualTo(before);
    }

    private void assertSegments(PacketBuilder packet, int gsoSize) {
        List<byte[]> expected = new ArrayList<>();
        int length = packet.payload.length;
        for (int start = 0; start < length; start += gsoSize) {
            PacketBuilder segment = packet.copy();
            int end = Math.min(length, start + gsoSize);
            segment.payload = Arrays.copyOfRange(packet.payload, start, end);
            segment.sequence += start;
            segment.identification += start / gsoSize;
            if (start != 0) {
                segment.flags &= ~0x80;
            }
            if (end != length) {
                segment.flags &= ~9;
            }
            expected.add(segment.build());
        }
        assertThat(segments(packet, gsoSize)).containsExactlyElementsOf(expected);
    }

    private List<byte[]> segments(PacketBuilder packet, int gsoSize) {
        load(packet, gsoSize);
        int length = packet.headerLength() + packet.payload.length;
        int count = segmenter.begin(buffer, VNET_OFFSET, length, packet.link.length);
        List<byte[]> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segmenter.next();
            segments.add(current());
        }
        return segments;
    }

    private void load(PacketBuilder packet, int gsoSize) {
        VirtioNetHeader.putPartial(
                buffer,
                VNET_OFFSET,
                packet.gsoType() | (gsoSize % 2 == 0 ? VirtioNetHeader.GSO_ECN : 0),
                packet.headerLength(),
                gsoSize,
                packet.transportStart(),
                packet.checksumOffset());
        buffer.putBytes(FRAME_OFFSET, packet.buildPartial());
    }

    private byte[] current() {
        byte[] bytes = new byte[segmenter.length()];
        buffer.getBytes(segmenter.offset(), bytes);
        return bytes;
    }
}
