package io.ovl.crypto.message;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The header of a transport data message; the sealed packet and its tag follow it.
 *
 * <p>Thread: any. Ownership: borrows the buffer for the length of a call. Units: the counter is unsigned.
 *
 * <p>Wire: WireGuard whitepaper §5.4.6, integers little-endian.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *  0|    type = 4   |                  reserved = 0                 |
 *   +---------------+-----------------------------------------------+
 *  4|                         receiver index                        |
 *   +---------------------------------------------------------------+
 *  8|                       counter (8 bytes)                       |
 *   +---------------------------------------------------------------+
 * 16|         encrypted encapsulated packet (n + 16 bytes)          |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageDataFlyweight {
    public static final int RECEIVER_INDEX_OFFSET = 4;
    public static final int COUNTER_OFFSET = 8;
    public static final int HEADER_LENGTH = 16;
    public static final int TAG_LENGTH = 16;

    /** Length of a keepalive, which carries nothing. */
    public static final int MIN_LENGTH = HEADER_LENGTH + TAG_LENGTH;

    private MessageDataFlyweight() {}

    /** Writes the whole header. */
    public static void putHeader(
            MutableDirectBuffer buffer, int offset, int receiverIndex, long counter) {
        buffer.putInt(offset + MessageType.TYPE_OFFSET, MessageType.DATA, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset + RECEIVER_INDEX_OFFSET, receiverIndex, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + COUNTER_OFFSET, counter, ByteOrder.LITTLE_ENDIAN);
    }

    public static int receiverIndex(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + RECEIVER_INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public static long counter(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + COUNTER_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }
}
