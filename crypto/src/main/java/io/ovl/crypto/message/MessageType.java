package io.ovl.crypto.message;

import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * The four message types, and the check that comes before every other: is this datagram a WireGuard message at all?
 *
 * <p>Thread: any.
 *
 * <p>Wire: one type byte and three zero bytes, read as one little-endian word (WireGuard whitepaper §5.4).
 */
public final class MessageType {
    public static final int INITIATION = 1;
    public static final int RESPONSE = 2;
    public static final int COOKIE_REPLY = 3;
    public static final int DATA = 4;

    /** {@link #classify}'s word for a type that no message has. */
    public static final int UNKNOWN = 0;

    /** {@link #classify}'s word for a length that messages of this type do not have. */
    public static final int INVALID_LENGTH = -1;

    static final int TYPE_OFFSET = 0;
    static final int TYPE_LENGTH = 4;

    private MessageType() {}

    /**
     * Returns the type when the type word and the exact length match, {@link #UNKNOWN} when the type is none of the
     * four and {@link #INVALID_LENGTH} when only the length is wrong.
     */
    public static int classify(DirectBuffer buffer, int offset, int length) {
        if (length < TYPE_LENGTH) {
            return UNKNOWN;
        }
        int type = buffer.getInt(offset + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN);
        boolean isLengthValid =
                switch (type) {
                    case DATA -> length >= MessageDataFlyweight.MIN_LENGTH;
                    case INITIATION -> length == MessageInitiationFlyweight.LENGTH;
                    case RESPONSE -> length == MessageResponseFlyweight.LENGTH;
                    case COOKIE_REPLY -> length == MessageCookieReplyFlyweight.LENGTH;
                    default -> {
                        type = UNKNOWN;
                        yield true;
                    }
                };
        return isLengthValid ? type : INVALID_LENGTH;
    }
}
