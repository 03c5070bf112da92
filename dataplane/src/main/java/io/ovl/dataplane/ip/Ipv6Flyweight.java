package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of an IPv6 header at an offset.
 *
 * <p>Thread: any; stateless. Units: lengths are bytes. Wire: big-endian, RFC 8200 §3.
 *
 * <pre>
 *   0                                            4                6             7           8        24            40
 *  +---------+---------------+------------------+----------------+-------------+-----------+--------+-------------+
 *  | version | traffic class | flow label       | payload length | next header | hop limit | source | destination |
 *  +---------+---------------+------------------+----------------+-------------+-----------+--------+-------------+
 * </pre>
 */
public final class Ipv6Flyweight {
    public static final int HEADER_LENGTH = 40;

    public static final int HOP_BY_HOP_OPTIONS = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int DESTINATION_OPTIONS = 60;

    static final int PAYLOAD_LENGTH_OFFSET = 4;
    static final int NEXT_HEADER_OFFSET = 6;
    static final int HOP_LIMIT_OFFSET = 7;
    static final int SOURCE_OFFSET = 8;
    static final int DESTINATION_OFFSET = 24;

    private Ipv6Flyweight() {}

    /** Version, traffic class and flow label. */
    public static int firstWord(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset, BIG_ENDIAN);
    }

    public static int trafficClass(UnsafeBuffer buffer, int offset) {
        return firstWord(buffer, offset) >> 20 & 0xff;
    }

    public static int payloadLength(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + PAYLOAD_LENGTH_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static void payloadLength(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset + PAYLOAD_LENGTH_OFFSET, (short) value, BIG_ENDIAN);
    }

    public static int nextHeader(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + NEXT_HEADER_OFFSET) & 0xff;
    }

    /**
     * Whether the header is one that may stand between the IPv6 header and the transport header of an unfragmented
     * packet.
     */
    static boolean isExtensionHeader(int nextHeader) {
        return nextHeader == HOP_BY_HOP_OPTIONS
                || nextHeader == ROUTING
                || nextHeader == DESTINATION_OPTIONS;
    }

    /** What follows the extension header at {@code offset}. */
    static int extensionNextHeader(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset) & 0xff;
    }

    /** Offset in units of 8 bytes in the fragment header at {@code offset}. */
    static int fragmentOffset(UnsafeBuffer buffer, int offset) {
        return (buffer.getShort(offset + 2, BIG_ENDIAN) & 0xffff) >> 3;
    }

    /** Length of the extension header at {@code offset}. */
    static int extensionLength(UnsafeBuffer buffer, int offset) {
        return 8 + 8 * (buffer.getByte(offset + 1) & 0xff);
    }

    public static long sourceHigh(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + SOURCE_OFFSET, BIG_ENDIAN);
    }

    public static long sourceLow(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + SOURCE_OFFSET + 8, BIG_ENDIAN);
    }

    public static long destinationHigh(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + DESTINATION_OFFSET, BIG_ENDIAN);
    }

    public static long destinationLow(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset + DESTINATION_OFFSET + 8, BIG_ENDIAN);
    }
}
