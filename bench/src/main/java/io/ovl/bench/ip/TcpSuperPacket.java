package io.ovl.bench.ip;

import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.TcpFlyweight;
import io.ovl.dataplane.ip.VirtioNetHeader;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * A TCP super-packet over IPv4 as a TUN device hands it out: virtio header, headers with a partial checksum, payload of
 * zeros.
 *
 * <p>Thread: any; stateless.
 */
public final class TcpSuperPacket {
    public static final int HEADER_LENGTH = 40;

    /** Payload of one segment in a tunnel with an MTU of 1,420 bytes. */
    public static final int SEGMENT_PAYLOAD = 1380;

    private static final int GSO_TYPE_OFFSET = 1;
    private static final int TRANSPORT_OFFSET = 20;
    private static final long IPV4_START = 0x4500_0000_0001_4000L;
    private static final int TTL_64_TCP = 0x4006_0000;
    private static final long ADDRESSES = 0x0a00_0001_0a00_0002L;
    private static final int PORTS = 0x1092_0050;
    private static final int FIVE_WORDS_ACK = 0x5010_0200;

    private TcpSuperPacket() {}

    /** Writes virtio header and packet headers; the payload behind them is left as it is. */
    public static void put(UnsafeBuffer buffer, int vnetOffset, int payloadLength) {
        VirtioNetHeader.putPartial(
                buffer,
                vnetOffset,
                VirtioNetHeader.GSO_TCPV4,
                HEADER_LENGTH,
                SEGMENT_PAYLOAD,
                TRANSPORT_OFFSET,
                TcpFlyweight.CHECKSUM_OFFSET);
        int ip = vnetOffset + VirtioNetHeader.LENGTH;
        int length = HEADER_LENGTH + payloadLength;
        buffer.putLong(ip, IPV4_START | (long) length << 32, ByteOrder.BIG_ENDIAN);
        buffer.putInt(ip + 8, TTL_64_TCP, ByteOrder.BIG_ENDIAN);
        buffer.putLong(ip + 12, ADDRESSES, ByteOrder.BIG_ENDIAN);
        Ipv4Flyweight.updateChecksum(buffer, ip);
        int tcp = ip + TRANSPORT_OFFSET;
        buffer.putInt(tcp, PORTS, ByteOrder.BIG_ENDIAN);
        buffer.putLong(tcp + 4, 1000L << 32 | 77, ByteOrder.BIG_ENDIAN);
        buffer.putLong(tcp + 12, (long) FIVE_WORDS_ACK << 32, ByteOrder.BIG_ENDIAN);
        long pseudoHeader =
                InternetChecksum.pseudoHeaderIpv4(buffer, ip, 6, length - TRANSPORT_OFFSET);
        buffer.putShort(
                tcp + TcpFlyweight.CHECKSUM_OFFSET, (short) InternetChecksum.fold(pseudoHeader));
    }

    /** Makes the packet one that is not to be segmented; its checksum is still to be finished. */
    public static void makeSingle(UnsafeBuffer buffer, int vnetOffset) {
        buffer.putByte(vnetOffset + GSO_TYPE_OFFSET, (byte) VirtioNetHeader.GSO_NONE);
    }
}
