package io.ovl.dataplane.l2;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of a neighbour solicitation or advertisement at an offset.
 *
 * <p>Thread: any; stateless. Wire: big-endian, RFC 4861 §4.3, §4.4, §4.6.1.
 *
 * <pre>
 *   0      1      2          4              8         24
 *  +------+------+----------+--------------+---------+----------------------------------------------+
 *  | type | code | checksum | flags (R S O)| target  | options: type, length in 8 bytes, MAC address|
 *  +------+------+----------+--------------+---------+----------------------------------------------+
 * </pre>
 */
final class NeighborDiscoveryFlyweight {
    static final int SOLICITATION = 135;
    static final int ADVERTISEMENT = 136;
    static final int MIN_LENGTH = 24;

    static final int SOURCE_LINK_OPTION = 1;
    static final int TARGET_LINK_OPTION = 2;

    static final int ROUTER_FLAG = 0x80;
    static final int SOLICITED_FLAG = 0x40;
    static final int OVERRIDE_FLAG = 0x20;

    /** {@link #linkOption}: there is none. */
    static final long NO_OPTION = -1;

    private static final int HOP_LIMIT = 255;
    private static final int HOP_LIMIT_OFFSET = 7;
    private static final int SOURCE_OFFSET = 8;
    private static final int DESTINATION_OFFSET = 24;
    private static final int CHECKSUM_OFFSET = 2;
    private static final int FLAGS_OFFSET = 4;
    private static final int TARGET_OFFSET = 8;
    private static final int OPTION_LENGTH = 8;
    private static final int ADVERTISEMENT_LENGTH = MIN_LENGTH + OPTION_LENGTH;

    private NeighborDiscoveryFlyweight() {}

    /** Whether the IPv6 packet is a solicitation or advertisement that a host would accept: RFC 4861 §7.1. */
    static boolean isValid(UnsafeBuffer buffer, int ip, int packetLength) {
        int message = ip + Ipv6Flyweight.HEADER_LENGTH;
        int length = packetLength - Ipv6Flyweight.HEADER_LENGTH;
        if (IpFlyweight.version(buffer, ip) != 6
                || Ipv6Flyweight.nextHeader(buffer, ip) != IpFlyweight.PROTOCOL_ICMPV6
                || (buffer.getByte(ip + HOP_LIMIT_OFFSET) & 0xff) != HOP_LIMIT
                || length < MIN_LENGTH
                || buffer.getByte(message + 1) != 0) {
            return false;
        }
        int type = type(buffer, message);
        if (type != SOLICITATION && type != ADVERTISEMENT) {
            return false;
        }
        long sum =
                InternetChecksum.pseudoHeaderIpv6(buffer, ip, IpFlyweight.PROTOCOL_ICMPV6, length)
                        + InternetChecksum.sum(buffer, message, length);
        return InternetChecksum.fold(sum) == 0xffff;
    }

    static int type(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset) & 0xff;
    }

    static int flags(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xff;
    }

    static long targetHigh(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + TARGET_OFFSET, BIG_ENDIAN);
    }

    static long targetLow(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + TARGET_OFFSET + 8, BIG_ENDIAN);
    }

    /** The MAC address in the first option of that type, or {@link #NO_OPTION}. */
    static long linkOption(UnsafeBuffer buffer, int offset, int length, int type) {
        int position = offset + MIN_LENGTH;
        int limit = offset + length;
        while (position + OPTION_LENGTH <= limit) {
            int optionLength = OPTION_LENGTH * (buffer.getByte(position + 1) & 0xff);
            if (optionLength == 0) {
                return NO_OPTION;
            }
            if ((buffer.getByte(position) & 0xff) == type && optionLength == OPTION_LENGTH) {
                return EthernetFlyweight.mac(buffer, position + 2);
            }
            position += optionLength;
        }
        return NO_OPTION;
    }

    /** Writes the packet that answers a solicitation at {@code requestIp} as its target would; returns its length. */
    static int putAdvertisement(
            UnsafeBuffer out,
            int ip,
            UnsafeBuffer request,
            int requestIp,
            long mac,
            boolean isRouter) {
        int message = ip + Ipv6Flyweight.HEADER_LENGTH;
        int requestMessage = requestIp + Ipv6Flyweight.HEADER_LENGTH;
        int flags = SOLICITED_FLAG | OVERRIDE_FLAG | (isRouter ? ROUTER_FLAG : 0);
        out.putInt(ip, 6 << 28, BIG_ENDIAN);
        out.putInt(
                ip + 4,
                ADVERTISEMENT_LENGTH << 16 | IpFlyweight.PROTOCOL_ICMPV6 << 8 | HOP_LIMIT,
                BIG_ENDIAN);
        out.putBytes(ip + SOURCE_OFFSET, request, requestMessage + TARGET_OFFSET, 16);
        out.putBytes(ip + DESTINATION_OFFSET, request, requestIp + SOURCE_OFFSET, 16);
        out.putInt(message, ADVERTISEMENT << 24, BIG_ENDIAN);
        out.putInt(message + FLAGS_OFFSET, flags << 24, BIG_ENDIAN);
        out.putBytes(message + TARGET_OFFSET, request, requestMessage + TARGET_OFFSET, 16);
        out.putByte(message + MIN_LENGTH, (byte) TARGET_LINK_OPTION);
        out.putByte(message + MIN_LENGTH + 1, (byte) 1);
        EthernetFlyweight.mac(out, message + MIN_LENGTH + 2, mac);
        long sum =
                InternetChecksum.pseudoHeaderIpv6(
                        out, ip, IpFlyweight.PROTOCOL_ICMPV6, ADVERTISEMENT_LENGTH);
        out.putShort(message + CHECKSUM_OFFSET, (short) InternetChecksum.fold(sum));
        InternetChecksum.finish(out, message, ADVERTISEMENT_LENGTH, message + CHECKSUM_OFFSET);
        return Ipv6Flyweight.HEADER_LENGTH + ADVERTISEMENT_LENGTH;
    }
}
