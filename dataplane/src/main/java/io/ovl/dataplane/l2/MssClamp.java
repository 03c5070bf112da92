package io.ovl.dataplane.l2;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.ip.TcpFlyweight;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lowers the maximum segment size that a TCP SYN announces to what fits an MTU, never raises it.
 *
 * <p>Thread: any; stateless. Units: bytes. Wire: RFC 9293 §3.2, kind 2; the checksum as RFC 1624 says. Errors: a packet
 * that is no whole SYN with that option is left as it is.
 */
public final class MssClamp {
    private static final int SYN = 0x02;
    private static final int END_KIND = 0;
    private static final int NO_OPERATION_KIND = 1;
    private static final int MSS_KIND = 2;
    private static final int MSS_LENGTH = 4;

    private MssClamp() {}

    /**
     * Clamps the IP packet at {@code ip}.
     *
     * @param isChecksumPartial whether the checksum field holds the pseudo-header's sum only, still to be finished
     * @return whether the packet was changed
     */
    public static boolean clamp(
            UnsafeBuffer buffer, int ip, int length, int mtu, boolean isChecksumPartial) {
        int packetLength = IpFlyweight.packetLength(buffer, ip, length);
        if (packetLength < 0) {
            return false;
        }
        boolean isIpv4 = IpFlyweight.version(buffer, ip) == 4;
        if (isIpv4
                ? Ipv4Flyweight.protocol(buffer, ip) != IpFlyweight.PROTOCOL_TCP
                        || Ipv4Flyweight.isFragment(buffer, ip)
                : Ipv6Flyweight.nextHeader(buffer, ip) != IpFlyweight.PROTOCOL_TCP) {
            return false;
        }
        int ipLength =
                isIpv4 ? Ipv4Flyweight.headerLength(buffer, ip) : Ipv6Flyweight.HEADER_LENGTH;
        int tcp = ip + ipLength;
        if (packetLength - ipLength < TcpFlyweight.MIN_HEADER_LENGTH
                || (TcpFlyweight.flags(buffer, tcp) & SYN) == 0) {
            return false;
        }
        int limit = tcp + TcpFlyweight.headerLength(buffer, tcp);
        if (limit > ip + packetLength) {
            return false;
        }
        // Options are not subtracted: the announced size counts the basic headers alone (RFC 6691).
        int basicLength =
                TcpFlyweight.MIN_HEADER_LENGTH
                        + (isIpv4 ? Ipv4Flyweight.MIN_HEADER_LENGTH : Ipv6Flyweight.HEADER_LENGTH);
        return clampOption(buffer, tcp, limit, mtu - basicLength, isChecksumPartial);
    }

    private static boolean clampOption(
            UnsafeBuffer buffer, int tcp, int limit, int maxMss, boolean isChecksumPartial) {
        int position = tcp + TcpFlyweight.MIN_HEADER_LENGTH;
        while (position < limit) {
            int kind = buffer.getByte(position) & 0xff;
            if (kind == END_KIND) {
                return false;
            }
            if (kind == NO_OPERATION_KIND) {
                position++;
                continue;
            }
            int optionLength = position + 1 < limit ? buffer.getByte(position + 1) & 0xff : 0;
            if (optionLength < 2 || position + optionLength > limit) {
                return false;
            }
            if (kind == MSS_KIND && optionLength == MSS_LENGTH) {
                return lower(buffer, tcp, position + 2, maxMss, isChecksumPartial);
            }
            position += optionLength;
        }
        return false;
    }

    private static boolean lower(
            UnsafeBuffer buffer, int tcp, int field, int maxMss, boolean isChecksumPartial) {
        int mss = buffer.getShort(field, BIG_ENDIAN) & 0xffff;
        if (mss <= maxMss || maxMss <= 0) {
            return false;
        }
        buffer.putShort(field, (short) maxMss, BIG_ENDIAN);
        if (!isChecksumPartial) {
            updateChecksum(buffer, tcp, field, mss, maxMss);
        }
        return true;
    }

    private static void updateChecksum(
            UnsafeBuffer buffer, int tcp, int field, int oldValue, int newValue) {
        // A field at an odd offset straddles two words of the sum, which swaps its bytes there.
        boolean isOdd = (field - tcp & 1) != 0;
        InternetChecksum.update(
                buffer,
                tcp + TcpFlyweight.CHECKSUM_OFFSET,
                isOdd ? Short.reverseBytes((short) oldValue) & 0xffff : oldValue,
                isOdd ? Short.reverseBytes((short) newValue) & 0xffff : newValue);
    }
}
