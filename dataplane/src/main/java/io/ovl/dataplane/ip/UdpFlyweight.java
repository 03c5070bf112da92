package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of a UDP header at an offset: source port, destination port, length, checksum.
 *
 * <p>Thread: any; stateless. Units: lengths are bytes. Wire: big-endian, RFC 768; four 16-bit fields.
 */
public final class UdpFlyweight {
    public static final int HEADER_LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 6;

    static final int LENGTH_OFFSET = 4;

    private UdpFlyweight() {}

    /** Length of header and payload. */
    public static int length(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + LENGTH_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    public static void length(UnsafeBuffer buffer, int offset, int value) {
        buffer.putShort(offset + LENGTH_OFFSET, (short) value, BIG_ENDIAN);
    }

    /** Whether the sender computed a checksum. */
    public static boolean hasChecksum(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + CHECKSUM_OFFSET) != 0;
    }
}
