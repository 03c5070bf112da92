package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What IPv4 and IPv6 headers have in common, and how long the packet behind one is.
 *
 * <p>Thread: any; stateless. Wire: RFC 791 §3.1, RFC 8200 §3. Errors: by return value; reads stay inside
 * {@code available}.
 */
public final class IpFlyweight {
    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;
    public static final int PROTOCOL_ICMPV6 = 58;

    /** {@link #packetLength}: truncated, or a header that contradicts itself. */
    public static final int MALFORMED = -1;

    /** {@link #packetLength}: neither IPv4 nor IPv6. */
    public static final int UNKNOWN_VERSION = -2;

    /** The largest packet with a length field of 16 bits that counts the header. */
    public static final int MAX_PACKET_LENGTH = 65_535;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int MIN_LINK_LENGTH = 14;

    private IpFlyweight() {}

    /** The version field of whatever starts here. */
    public static int version(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset) >> 4 & 0xf;
    }

    /**
     * The version of the packet behind {@code linkLength} bytes of Ethernet header, 0 when that is no IP packet by both
     * its EtherType and its version field. Without a link header the version field alone counts.
     */
    static int versionOfFrame(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        if (linkLength < 0 || length <= linkLength) {
            return 0;
        }
        int version = version(buffer, offset + linkLength);
        int etherType;
        if (linkLength == 0) {
            etherType = version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
        } else if (linkLength < MIN_LINK_LENGTH) {
            return 0;
        } else {
            etherType = buffer.getShort(offset + linkLength - 2, BIG_ENDIAN) & 0xffff;
        }
        return version == 4 && etherType == ETHERTYPE_IPV4
                        || version == 6 && etherType == ETHERTYPE_IPV6
                ? version
                : 0;
    }

    /**
     * Length of the packet at {@code offset} by its own header, at most {@code available};
     * or {@link #MALFORMED}, or {@link #UNKNOWN_VERSION}.
     */
    public static int packetLength(UnsafeBuffer buffer, int offset, int available) {
        if (available < 1) {
            return MALFORMED;
        }
        int version = version(buffer, offset);
        int length;
        if (version == 4) {
            if (available < Ipv4Flyweight.MIN_HEADER_LENGTH) {
                return MALFORMED;
            }
            int headerLength = Ipv4Flyweight.headerLength(buffer, offset);
            length = Ipv4Flyweight.totalLength(buffer, offset);
            if (headerLength < Ipv4Flyweight.MIN_HEADER_LENGTH || length < headerLength) {
                return MALFORMED;
            }
        } else if (version == 6) {
            if (available < Ipv6Flyweight.HEADER_LENGTH) {
                return MALFORMED;
            }
            length = Ipv6Flyweight.HEADER_LENGTH + Ipv6Flyweight.payloadLength(buffer, offset);
        } else {
            return UNKNOWN_VERSION;
        }
        return length <= available ? length : MALFORMED;
    }
}
