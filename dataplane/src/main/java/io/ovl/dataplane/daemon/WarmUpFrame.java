package io.ovl.dataplane.daemon;

import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.TcpFlyweight;
import io.ovl.dataplane.ip.UdpFlyweight;
import io.ovl.dataplane.ip.VirtioNetHeader;
import io.ovl.dataplane.l2.EthernetFlyweight;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A frame as the kernel hands it to a device: a virtio header, an Ethernet header if it is a TAP, an IPv4 header, and
 * what is in it. TCP and UDP have the checksum of the pseudo-header, for the device to finish.
 *
 * <p>Thread: one.
 */
final class WarmUpFrame {
    /** Of TCP with timestamps, at an MTU of 1,420. */
    static final int SEGMENT_LENGTH = 1368;

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV4_LENGTH = 20;
    private static final int ICMP_LENGTH = 8;
    private static final int TCP_LENGTH = 32;
    private static final int UDP_LENGTH = 8;
    private static final int LINK_OFFSET = VirtioNetHeader.LENGTH;
    private static final int SEQUENCE_OFFSET = 4;

    /** Locally administered, unicast. */
    private static final long MAC = 0x0200_0000_0000L;

    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final Way way;
    private final int protocol;
    private final int ipv4Offset;
    private final int transportOffset;
    private final int headersLength;
    private final int payloadLength;

    /**
     * From whom to whom: hosts 10.0.0.1 and 10.0.0.2, whose MAC addresses end alike.
     *
     * @param isEthernet whether the device is a TAP
     */
    record Way(boolean isEthernet, int source, int destination) {
        Way back() {
            return new Way(isEthernet, /* source= */ destination, /* destination= */ source);
        }
    }

    private WarmUpFrame(Way way, int protocol, int transportLength, int payloadLength) {
        this.way = way;
        this.protocol = protocol;
        this.payloadLength = payloadLength;
        ipv4Offset = LINK_OFFSET + (way.isEthernet ? EthernetFlyweight.HEADER_LENGTH : 0);
        transportOffset = ipv4Offset + IPV4_LENGTH;
        headersLength = transportOffset + transportLength;
        bytes = ByteBuffer.allocateDirect(headersLength + payloadLength);
        buffer = new UnsafeBuffer(bytes);
    }

    /** A host's MAC address. */
    static long mac(int host) {
        return MAC | host;
    }

    /** An ICMP echo request, which comes with its checksum. */
    static WarmUpFrame echo(Way way, int payloadLength) {
        WarmUpFrame frame = new WarmUpFrame(way, ICMP, ICMP_LENGTH, payloadLength);
        frame.putEthernetAndIpv4();
        frame.bytes.putShort((short) 0x0800).putShort((short) ~0x0800).putInt(0);
        return frame;
    }

    static WarmUpFrame udp(Way way, int payloadLength) {
        WarmUpFrame frame = new WarmUpFrame(way, UDP, UDP_LENGTH, payloadLength);
        frame.putVirtioHeader(UdpFlyweight.CHECKSUM_OFFSET);
        frame.putEthernetAndIpv4();
        frame.bytes.putShort((short) 5000).putShort((short) 5001);
        frame.bytes.putShort((short) (UDP_LENGTH + payloadLength)).putShort((short) 0);
        frame.putPseudoHeaderSum(UdpFlyweight.CHECKSUM_OFFSET);
        return frame;
    }

    /**
     * A TCP packet with timestamps, a super-packet if there is more than fits into one.
     *
     * @param port makes it a flow of its own
     * @param isPushed whether it ends what an application wrote
     */
    static WarmUpFrame tcp(Way way, int port, int payloadLength, boolean isPushed) {
        WarmUpFrame frame = new WarmUpFrame(way, TCP, TCP_LENGTH, payloadLength);
        frame.putVirtioHeader(TcpFlyweight.CHECKSUM_OFFSET);
        frame.putEthernetAndIpv4();
        frame.bytes.putShort((short) port).putShort((short) 5001).putInt(1).putInt(1);
        frame.bytes.putShort((short) (isPushed ? 0x8018 : 0x8010)).putShort((short) 0xffff);
        frame.bytes.putInt(0); // the checksum, and no urgent pointer
        frame.bytes.putInt(0x0101_080a).putInt(1).putInt(1);
        frame.putPseudoHeaderSum(TcpFlyweight.CHECKSUM_OFFSET);
        return frame;
    }

    private void putVirtioHeader(int checksumOffset) {
        boolean isSuperPacket = payloadLength > SEGMENT_LENGTH;
        VirtioNetHeader.putPartial(
                buffer,
                0,
                isSuperPacket ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_NONE,
                headersLength - LINK_OFFSET,
                isSuperPacket ? SEGMENT_LENGTH : 0,
                transportOffset - LINK_OFFSET,
                checksumOffset);
    }

    private void putEthernetAndIpv4() {
        bytes.position(LINK_OFFSET);
        if (way.isEthernet) {
            bytes.putLong(mac(way.destination) << 16 | mac(way.source) >>> 32);
            bytes.putInt((int) mac(way.source)).putShort((short) 0x0800);
        }
        bytes.putShort((short) 0x4500).putShort((short) (bytes.capacity() - ipv4Offset));
        bytes.putInt(0x00004000).put((byte) 64).put((byte) protocol).putShort((short) 0);
        bytes.putInt(0x0a000000 | way.source).putInt(0x0a000000 | way.destination);
        Ipv4Flyweight.updateChecksum(buffer, ipv4Offset);
    }

    private void putPseudoHeaderSum(int checksumOffset) {
        int length = bytes.capacity() - transportOffset;
        long sum = InternetChecksum.pseudoHeaderIpv4(buffer, ipv4Offset, protocol, length);
        buffer.putShort(transportOffset + checksumOffset, (short) InternetChecksum.fold(sum));
    }

    /** Has TCP go on where it ended. */
    void advance() {
        if (protocol == TCP) {
            int offset = transportOffset + SEQUENCE_OFFSET;
            int sequence = buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
            buffer.putInt(offset, sequence + payloadLength, ByteOrder.BIG_ENDIAN);
        }
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    /** Bytes in front of the payload, the virtio header's included. */
    int headersLength() {
        return headersLength;
    }

    int payloadLength() {
        return payloadLength;
    }
}
