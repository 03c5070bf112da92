package io.ovl.dataplane.l2;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of an Ethernet header at an offset, with up to two VLAN tags.
 *
 * <p>Thread: any; stateless. Units: lengths are bytes; a MAC address is the low 48 bits of a {@code long}. Errors:
 * {@link #linkLength} answers {@link #MALFORMED}; the other accessors rely on a length that it has checked. Wire:
 * big-endian, IEEE 802.3, 802.1Q.
 *
 * <pre>
 *   0              6         12                                                         12 + 4 * tags
 *  +--------------+---------+----------------------------------------------------------+-------------+
 *  | destination  | source  | tags: 0x8100 or 0x88a8, priority 3, DEI 1, VLAN id 12    | EtherType   | payload
 *  +--------------+---------+----------------------------------------------------------+-------------+
 * </pre>
 */
public final class EthernetFlyweight {
    public static final int HEADER_LENGTH = 14;
    public static final int TAG_LENGTH = 4;

    /** An outer 802.1ad tag and an inner 802.1Q tag; a third is payload. */
    public static final int MAX_TAGS = 2;

    public static final int ETHERTYPE_IPV4 = 0x0800;
    public static final int ETHERTYPE_ARP = 0x0806;
    public static final int ETHERTYPE_VLAN = 0x8100;
    public static final int ETHERTYPE_IPV6 = 0x86dd;
    public static final int ETHERTYPE_PROVIDER_VLAN = 0x88a8;

    public static final long BROADCAST = 0xffff_ffff_ffffL;

    /** {@link #linkLength}: shorter than the header that it begins. */
    public static final int MALFORMED = -1;

    private static final int SOURCE_OFFSET = 6;
    private static final int TYPE_OFFSET = 12;
    private static final long GROUP_BIT = 0x0100_0000_0000L;
    private static final int MIN_ETHERTYPE = 0x600;
    private static final int MAX_PADDING = 16;
    private static final int VLAN_ID_MASK = 0xfff;

    private EthernetFlyweight() {}

    public static long destination(UnsafeBuffer buffer, int offset) {
        return mac(buffer, offset);
    }

    public static void destination(UnsafeBuffer buffer, int offset, long mac) {
        mac(buffer, offset, mac);
    }

    public static long source(UnsafeBuffer buffer, int offset) {
        return mac(buffer, offset + SOURCE_OFFSET);
    }

    public static void source(UnsafeBuffer buffer, int offset, long mac) {
        mac(buffer, offset + SOURCE_OFFSET, mac);
    }

    /** Length of the header with its tags, or {@link #MALFORMED}. */
    public static int linkLength(UnsafeBuffer buffer, int offset, int length) {
        int linkLength = HEADER_LENGTH;
        while (linkLength <= length) {
            if (linkLength == HEADER_LENGTH + MAX_TAGS * TAG_LENGTH
                    || !isTag(etherType(buffer, offset, linkLength))) {
                return linkLength;
            }
            linkLength += TAG_LENGTH;
        }
        return MALFORMED;
    }

    /** What the payload behind {@code linkLength} bytes of header is; a length field of IEEE 802.3 when below 1,536. */
    public static int etherType(UnsafeBuffer buffer, int offset, int linkLength) {
        return buffer.getShort(offset + linkLength - 2, BIG_ENDIAN) & 0xffff;
    }

    /** Whether the payload is said to be IPv4 or IPv6. */
    public static boolean isIp(UnsafeBuffer buffer, int offset, int linkLength) {
        int etherType = etherType(buffer, offset, linkLength);
        return etherType == ETHERTYPE_IPV4 || etherType == ETHERTYPE_IPV6;
    }

    /** VLAN id of the outermost tag; 0 for an untagged or a priority-tagged frame, which are the same to a switch. */
    public static int vlanId(UnsafeBuffer buffer, int offset, int linkLength) {
        return linkLength == HEADER_LENGTH
                ? 0
                : buffer.getShort(offset + TYPE_OFFSET + 2, BIG_ENDIAN) & VLAN_ID_MASK;
    }

    /** Whether the payload is an IP packet by both its EtherType and its version field, with a whole basic header. */
    public static boolean isIp(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        int available = length - linkLength;
        return switch (etherType(buffer, offset, linkLength)) {
            case ETHERTYPE_IPV4 ->
                    available >= Ipv4Flyweight.MIN_HEADER_LENGTH
                            && IpFlyweight.version(buffer, offset + linkLength) == 4;
            case ETHERTYPE_IPV6 ->
                    available >= Ipv6Flyweight.HEADER_LENGTH
                            && IpFlyweight.version(buffer, offset + linkLength) == 6;
            default -> false;
        };
    }

    /**
     * Length of a frame without the up to 15 bytes that padding to 16 may have added: what the payload says itself, for
     * IP, ARP and IEEE 802.3 length fields. Other payloads keep the padding, which every Ethernet protocol must bear.
     */
    public static int trimmedLength(UnsafeBuffer buffer, int offset, int length) {
        int linkLength = linkLength(buffer, offset, length);
        if (linkLength == MALFORMED) {
            return length;
        }
        int etherType = etherType(buffer, offset, linkLength);
        int payloadLength;
        if (etherType < MIN_ETHERTYPE) {
            payloadLength = etherType;
        } else if (etherType == ETHERTYPE_ARP) {
            payloadLength = ArpFlyweight.LENGTH;
        } else if (isIp(buffer, offset, length, linkLength)) {
            payloadLength =
                    IpFlyweight.packetLength(buffer, offset + linkLength, length - linkLength);
        } else {
            return length;
        }
        int padding = length - linkLength - payloadLength;
        return payloadLength >= 0 && padding > 0 && padding < MAX_PADDING
                ? length - padding
                : length;
    }

    /** Reads a MAC address wherever one stands. */
    public static long mac(UnsafeBuffer buffer, int offset) {
        return (buffer.getShort(offset, BIG_ENDIAN) & 0xffffL) << 32
                | buffer.getInt(offset + 2, BIG_ENDIAN) & 0xffff_ffffL;
    }

    /** Writes a MAC address wherever one stands. */
    public static void mac(UnsafeBuffer buffer, int offset, long mac) {
        buffer.putShort(offset, (short) (mac >> 32), BIG_ENDIAN);
        buffer.putInt(offset + 2, (int) mac, BIG_ENDIAN);
    }

    /** Whether the address is a group's; broadcast is one too. */
    public static boolean isMulticast(long mac) {
        return (mac & GROUP_BIT) != 0;
    }

    public static boolean isBroadcast(long mac) {
        return mac == BROADCAST;
    }

    public static boolean isZero(long mac) {
        return mac == 0;
    }

    /** Whether a single host can have the address: the only kind that may be a source. */
    public static boolean isUnicast(long mac) {
        return mac != 0 && (mac & GROUP_BIT) == 0;
    }

    private static boolean isTag(int etherType) {
        return etherType == ETHERTYPE_VLAN || etherType == ETHERTYPE_PROVIDER_VLAN;
    }
}
