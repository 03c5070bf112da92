package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of an IPv4 header at an offset.
 *
 * <p>Thread: any; stateless. Units: lengths are bytes. Wire: big-endian, RFC 791 §3.1.
 *
 * <pre>
 *   0                 1                 2                 4                 6
 *  +-----------------+-----------------+-----------------+-----------------+-----------------+
 *  | version | IHL   | type of service | total length    | identification  | flags, offset   |
 *  +-----------------+-----------------+-----------------+-----------------+-----------------+
 *   8                 9                 10                12                16            20
 *  +-----------------+-----------------+-----------------+-----------------+-----------------+
 *  | time to live    | protocol        | header checksum | source          | destination     | options
 *  +-----------------+-----------------+-----------------+-----------------+-----------------+
 * </pre>
 */
public final class Ipv4Flyweight {
    public static final int MIN_HEADER_LENGTH = 20;

    /** Bit of {@link #flagsAndFragmentOffset}. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** More fragments or an offset: bits that only fragments have set. */
    public static final int FRAGMENT_MASK = 0x3fff;

    /** The fragment's offset in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    static final int TYPE_OF_SERVICE_OFFSET = 1;
    static final int TOTAL_LENGTH_OFFSET = 2;
    static final int IDENTIFICATION_OFFSET = 4;
    static final int FLAGS_OFFSET = 6;
    static final int TIME_TO_LIVE_OFFSET = 8;
    static final int PROTOCOL_OFFSET = 9;
    static final int CHECKSUM_OFFSET = 10;
    static final int SOURCE_OFFSET = 12;
    static final int DESTINATION_OFFSET = 16;

    private Ipv4Flyweight() {}

    public static int headerLength(UnsafeBuffer buffer, int offset) {
        return (buffer.getByte(offset) & 0xf) * 4;
    }

    public static int typeOfService(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OF_SERVICE_OFFSET) & 0xff;
    }

    public static int totalLength(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + TOTAL_LENGTH_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static void totalLength(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset + TOTAL_LENGTH_OFFSET, (short) value, BIG_ENDIAN);
    }

    public static int identification(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + IDENTIFICATION_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static void identification(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset + IDENTIFICATION_OFFSET, (short) value, BIG_ENDIAN);
    }

    public static int flagsAndFragmentOffset(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + FLAGS_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    /** Whether the packet is a fragment, the first one included. */
    public static boolean isFragment(UnsafeBuffer buffer, int offset) {
        return (flagsAndFragmentOffset(buffer, offset) & FRAGMENT_MASK) != 0;
    }

    public static int protocol(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + PROTOCOL_OFFSET) & 0xff;
    }

    public static int source(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + SOURCE_OFFSET, BIG_ENDIAN);
    }

    public static int destination(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + DESTINATION_OFFSET, BIG_ENDIAN);
    }

    /** Computes the header checksum anew. */
    public static void updateChecksum(UnsafeBuffer buffer, int offset) {
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) 0);
        long sum = InternetChecksum.sum(buffer, offset, headerLength(buffer, offset));
        buffer.putShort(offset + CHECKSUM_OFFSET, (short) ~InternetChecksum.fold(sum));
    }
}
