package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of a TCP header at an offset.
 *
 * <p>Thread: any; stateless. Units: lengths are bytes. Wire: big-endian, RFC 9293 §3.1.
 *
 * <pre>
 *   0              2                   4                 8
 *  +--------------+-------------------+-----------------+--------------------+
 *  | source port  | destination port  | sequence number | acknowledgment     |
 *  +--------------+-------------------+-----------------+--------------------+
 *   12             13                  14                16                   18               20
 *  +--------------+-------------------+-----------------+--------------------+----------------+
 *  | data offset  | flags             | window          | checksum           | urgent pointer | options
 *  +--------------+-------------------+-----------------+--------------------+----------------+
 * </pre>
 */
public final class TcpFlyweight {
    public static final int MIN_HEADER_LENGTH = 20;
    public static final int CHECKSUM_OFFSET = 16;

    public static final int FIN = 0x01;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int CWR = 0x80;

    static final int SEQUENCE_OFFSET = 4;
    static final int ACKNOWLEDGMENT_OFFSET = 8;
    static final int DATA_OFFSET_OFFSET = 12;
    static final int FLAGS_OFFSET = 13;
    static final int URGENT_POINTER_OFFSET = 18;

    private TcpFlyweight() {}

    public static int sequence(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + SEQUENCE_OFFSET, BIG_ENDIAN);
    }

    public static void sequence(UnsafeBuffer buffer, int offset, int value) {
        buffer.putInt(offset + SEQUENCE_OFFSET, value, BIG_ENDIAN);
    }

    public static int headerLength(UnsafeBuffer buffer, int offset) {
        return (buffer.getByte(offset + DATA_OFFSET_OFFSET) >> 4 & 0xf) * 4;
    }

    /** The four bits between data offset and flags. */
    static int reservedBits(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + DATA_OFFSET_OFFSET) & 0xf;
    }

    /** Data offset, reserved bits, flags and window in one number. */
    static int flagsWord(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + DATA_OFFSET_OFFSET, BIG_ENDIAN);
    }

    /** The eight flags from CWR down to FIN. */
    public static int flags(UnsafeBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xff;
    }

    public static void flags(UnsafeBuffer buffer, int offset, int value) {
        buffer.putByte(offset + FLAGS_OFFSET, (byte) value);
    }
}
