package io.ovl.crypto.message;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The second message, responder to initiator.
 *
 * <p>Thread: any. Ownership: borrows the buffer for the length of a call.
 *
 * <p>Wire: WireGuard whitepaper §5.4.3, integers little-endian.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *  0|    type = 2   |                  reserved = 0                 |
 *   +---------------+-----------------------------------------------+
 *  4|                          sender index                         |
 *   +---------------------------------------------------------------+
 *  8|                         receiver index                        |
 *   +---------------------------------------------------------------+
 * 12|                 unencrypted ephemeral (32 bytes)              |
 *   +---------------------------------------------------------------+
 * 44|                 encrypted nothing (0 + 16 bytes)              |
 *   +---------------------------------------------------------------+
 * 60|                         mac1 (16 bytes)                       |
 *   +---------------------------------------------------------------+
 * 76|                         mac2 (16 bytes)                       |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageResponseFlyweight {
    public static final int SENDER_INDEX_OFFSET = 4;
    public static final int RECEIVER_INDEX_OFFSET = 8;
    public static final int EPHEMERAL_OFFSET = 12;
    public static final int EPHEMERAL_LENGTH = 32;
    public static final int ENCRYPTED_NOTHING_OFFSET = 44;
    public static final int ENCRYPTED_NOTHING_LENGTH = 16;
    public static final int MAC1_OFFSET = 60;
    public static final int MAC2_OFFSET = 76;
    public static final int LENGTH = 92;

    private MessageResponseFlyweight() {}

    /** Writes the type and its three zero bytes. */
    public static void putType(MutableDirectBuffer buffer, int offset) {
        buffer.putInt(
                offset + MessageType.TYPE_OFFSET, MessageType.RESPONSE, ByteOrder.LITTLE_ENDIAN);
    }

    public static int senderIndex(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SENDER_INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public static void senderIndex(MutableDirectBuffer buffer, int offset, int index) {
        buffer.putInt(offset + SENDER_INDEX_OFFSET, index, ByteOrder.LITTLE_ENDIAN);
    }

    public static int receiverIndex(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + RECEIVER_INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public static void receiverIndex(MutableDirectBuffer buffer, int offset, int index) {
        buffer.putInt(offset + RECEIVER_INDEX_OFFSET, index, ByteOrder.LITTLE_ENDIAN);
    }

    public static void getEphemeral(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(offset + EPHEMERAL_OFFSET, destination, 0, EPHEMERAL_LENGTH);
    }

    public static void putEphemeral(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + EPHEMERAL_OFFSET, source, 0, EPHEMERAL_LENGTH);
    }

    public static void getEncryptedNothing(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(
                offset + ENCRYPTED_NOTHING_OFFSET, destination, 0, ENCRYPTED_NOTHING_LENGTH);
    }

    public static void putEncryptedNothing(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + ENCRYPTED_NOTHING_OFFSET, source, 0, ENCRYPTED_NOTHING_LENGTH);
    }
}
