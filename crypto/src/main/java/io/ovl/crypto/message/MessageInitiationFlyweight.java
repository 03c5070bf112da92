package io.ovl.crypto.message;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The first message, initiator to responder.
 *
 * <p>Thread: any. Ownership: borrows the buffer for the length of a call.
 *
 * <p>Wire: WireGuard whitepaper §5.4.2, integers little-endian.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *  0|    type = 1   |                  reserved = 0                 |
 *   +---------------+-----------------------------------------------+
 *  4|                          sender index                         |
 *   +---------------------------------------------------------------+
 *  8|                 unencrypted ephemeral (32 bytes)              |
 *   +---------------------------------------------------------------+
 * 40|               encrypted static (32 + 16 bytes)                |
 *   +---------------------------------------------------------------+
 * 88|              encrypted timestamp (12 + 16 bytes)              |
 *   +---------------------------------------------------------------+
 *116|                         mac1 (16 bytes)                       |
 *   +---------------------------------------------------------------+
 *132|                         mac2 (16 bytes)                       |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageInitiationFlyweight {
    public static final int SENDER_INDEX_OFFSET = 4;
    public static final int EPHEMERAL_OFFSET = 8;
    public static final int EPHEMERAL_LENGTH = 32;
    public static final int ENCRYPTED_STATIC_OFFSET = 40;
    public static final int ENCRYPTED_STATIC_LENGTH = 48;
    public static final int ENCRYPTED_TIMESTAMP_OFFSET = 88;
    public static final int ENCRYPTED_TIMESTAMP_LENGTH = 28;
    public static final int MAC1_OFFSET = 116;
    public static final int MAC2_OFFSET = 132;
    public static final int LENGTH = 148;

    private MessageInitiationFlyweight() {}

    /** Writes the type and its three zero bytes. */
    public static void putType(MutableDirectBuffer buffer, int offset) {
        buffer.putInt(
                offset + MessageType.TYPE_OFFSET, MessageType.INITIATION, ByteOrder.LITTLE_ENDIAN);
    }

    public static int senderIndex(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SENDER_INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public static void senderIndex(MutableDirectBuffer buffer, int offset, int index) {
        buffer.putInt(offset + SENDER_INDEX_OFFSET, index, ByteOrder.LITTLE_ENDIAN);
    }

    public static void getEphemeral(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(offset + EPHEMERAL_OFFSET, destination, 0, EPHEMERAL_LENGTH);
    }

    public static void putEphemeral(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + EPHEMERAL_OFFSET, source, 0, EPHEMERAL_LENGTH);
    }

    public static void getEncryptedStatic(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(offset + ENCRYPTED_STATIC_OFFSET, destination, 0, ENCRYPTED_STATIC_LENGTH);
    }

    public static void putEncryptedStatic(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + ENCRYPTED_STATIC_OFFSET, source, 0, ENCRYPTED_STATIC_LENGTH);
    }

    public static void getEncryptedTimestamp(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(
                offset + ENCRYPTED_TIMESTAMP_OFFSET, destination, 0, ENCRYPTED_TIMESTAMP_LENGTH);
    }

    public static void putEncryptedTimestamp(
            MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + ENCRYPTED_TIMESTAMP_OFFSET, source, 0, ENCRYPTED_TIMESTAMP_LENGTH);
    }
}
