package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The {@code virtio_net_hdr} in front of every frame of a TUN or TAP device: what the kernel left undone on a frame
 * that it hands out, and may leave undone on one that it takes.
 *
 * <p>Thread: any; stateless. Units: bytes. {@code csum_start} counts from the first byte of the frame, link header
 * included. Wire: native byte order, as a TUN or TAP queue has it unless told otherwise (virtio 1.3 §5.1.6).
 *
 * <pre>
 *   0         1         2                   4
 *  +---------+---------+-------------------+-------------------+
 *  | flags   | gso_type| hdr_len           | gso_size          |
 *  +---------+---------+-------------------+-------------------+
 *   6                   8
 *  +-------------------+-------------------+
 *  | csum_start        | csum_offset       |
 *  +-------------------+-------------------+
 * </pre>
 *
 * <p>{@code hdr_len} is a hint only: Linux puts the length of the packet's linear part there, payload and all.
 */
public final class VirtioNetHeader {
    public static final int LENGTH = 10;

    /** The checksum field holds the pseudo-header's sum only. */
    public static final int FLAG_NEEDS_CSUM = 1;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;

    /** UDP by IP fragmentation; obsolete, ovl never asks for it. */
    public static final int GSO_UDP = 3;

    public static final int GSO_TCPV6 = 4;

    /** UDP datagrams of equal length. */
    public static final int GSO_UDP_L4 = 5;

    /** Bit beside the type: the TCP segments carry CWR on the first one. */
    public static final int GSO_ECN = 0x80;

    private static final int FLAGS_OFFSET = 0;
    private static final int GSO_TYPE_OFFSET = 1;
    private static final int HEADER_LENGTH_OFFSET = 2;
    private static final int GSO_SIZE_OFFSET = 4;
    private static final int CHECKSUM_START_OFFSET = 6;
    private static final int CHECKSUM_OFFSET_OFFSET = 8;

    private VirtioNetHeader() {}

    public static int flags(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xff;
    }

    /** The type with its ECN bit. */
    public static int gsoType(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + GSO_TYPE_OFFSET) & 0xff;
    }

    public static int headerLength(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + HEADER_LENGTH_OFFSET) & 0xffff;
    }

    public static int gsoSize(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + GSO_SIZE_OFFSET) & 0xffff;
    }

    public static int checksumStart(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + CHECKSUM_START_OFFSET) & 0xffff;
    }

    /** Offset of the checksum field from {@link #checksumStart}. */
    public static int checksumOffset(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + CHECKSUM_OFFSET_OFFSET) & 0xffff;
    }

    /** Writes the header of a frame that is complete as it is. */
    public static void putPlain(UnsafeBuffer buffer, int offset) {
        buffer.putLong(offset, 0);
        buffer.putShort(offset + CHECKSUM_OFFSET_OFFSET, (short) 0);
    }

    /**
     * Writes the header of a frame whose transport checksum is partial, and which is a super-packet unless the type is
     * none.
     */
    public static void putPartial(
            UnsafeBuffer buffer,
            int offset,
            int gsoType,
            int headerLength,
            int gsoSize,
            int checksumStart,
            int checksumOffset) {
        buffer.putByte(offset + FLAGS_OFFSET, (byte) FLAG_NEEDS_CSUM);
        buffer.putByte(offset + GSO_TYPE_OFFSET, (byte) gsoType);
        buffer.putShort(offset + HEADER_LENGTH_OFFSET, (short) headerLength);
        buffer.putShort(offset + GSO_SIZE_OFFSET, (short) gsoSize);
        buffer.putShort(offset + CHECKSUM_START_OFFSET, (short) checksumStart);
        buffer.putShort(offset + CHECKSUM_OFFSET_OFFSET, (short) checksumOffset);
    }
}
