package io.ovl.crypto.message;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * What a responder under load answers instead of doing its part of the handshake.
 *
 * <p>Thread: any. Ownership: borrows the buffer for the length of a call.
 *
 * <p>Wire: WireGuard whitepaper §5.4.7, integers little-endian.
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *  0|    type = 3   |                  reserved = 0                 |
 *   +---------------+-----------------------------------------------+
 *  4|                         receiver index                        |
 *   +---------------------------------------------------------------+
 *  8|                         nonce (24 bytes)                      |
 *   +---------------------------------------------------------------+
 * 32|                  encrypted cookie (16 + 16 bytes)             |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class MessageCookieReplyFlyweight {
    public static final int RECEIVER_INDEX_OFFSET = 4;
    public static final int NONCE_OFFSET = 8;
    public static final int NONCE_LENGTH = 24;
    public static final int ENCRYPTED_COOKIE_OFFSET = 32;
    public static final int ENCRYPTED_COOKIE_LENGTH = 32;
    public static final int LENGTH = 64;

    private MessageCookieReplyFlyweight() {}

    /** Writes the type and its three zero bytes. */
    public static void putType(MutableDirectBuffer buffer, int offset) {
        buffer.putInt(
                offset + MessageType.TYPE_OFFSET,
                MessageType.COOKIE_REPLY,
                ByteOrder.LITTLE_ENDIAN);
    }

    public static int receiverIndex(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + RECEIVER_INDEX_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    public static void receiverIndex(MutableDirectBuffer buffer, int offset, int index) {
        buffer.putInt(offset + RECEIVER_INDEX_OFFSET, index, ByteOrder.LITTLE_ENDIAN);
    }

    public static void getNonce(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(offset + NONCE_OFFSET, destination, 0, NONCE_LENGTH);
    }

    public static void putNonce(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + NONCE_OFFSET, source, 0, NONCE_LENGTH);
    }

    public static void getEncryptedCookie(DirectBuffer buffer, int offset, byte[] destination) {
        buffer.getBytes(offset + ENCRYPTED_COOKIE_OFFSET, destination, 0, ENCRYPTED_COOKIE_LENGTH);
    }

    public static void putEncryptedCookie(MutableDirectBuffer buffer, int offset, byte[] source) {
        buffer.putBytes(offset + ENCRYPTED_COOKIE_OFFSET, source, 0, ENCRYPTED_COOKIE_LENGTH);
    }
}
