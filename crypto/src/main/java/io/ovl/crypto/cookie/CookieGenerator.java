package io.ovl.crypto.cookie;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Puts mac1 and mac2 at the end of the handshake messages to one peer, and keeps the cookie that mac2 needs.
 *
 * <p>A cookie is stored and used by the next message; it is no reason to send one.
 *
 * <p>Thread: one owner. Ownership: borrows buffers for the length of a call. Wire: WireGuard whitepaper §5.4.4, §5.4.7.
 * Units: {@code nowNs} is boot time.
 */
public final class CookieGenerator {
    /** How long a cookie is used: the age of its secret, less five seconds for the way. */
    public static final long COOKIE_MAX_AGE_NS = CookieChecker.SECRET_MAX_AGE_NS - 5_000_000_000L;

    private static final byte[] NO_MAC = new byte[CookieKeys.MAC_LENGTH];

    private final CookieKeys keys;
    private final byte[] message = new byte[MessageInitiationFlyweight.LENGTH];
    private final byte[] latestMac1 = new byte[CookieKeys.MAC_LENGTH];
    private final byte[] cookie = new byte[CookieKeys.COOKIE_LENGTH];
    private final byte[] mac2 = new byte[CookieKeys.MAC_LENGTH];
    private boolean awaitsReply;
    private boolean hasCookie;
    private long cookieReceivedNs;

    public CookieGenerator(NoisePublicKey remote) {
        keys = new CookieKeys(remote);
    }

    /**
     * Writes the last 32 bytes of a complete message; mac2 is zero without a fresh cookie.
     *
     * @param length the length of an initiation or a response
     */
    public void addMacs(MutableDirectBuffer buffer, int offset, int length, long nowNs) {
        int mac1Offset = length - CookieKeys.MACS_LENGTH;
        int mac2Offset = length - CookieKeys.MAC_LENGTH;
        buffer.getBytes(offset, message, 0, mac1Offset);
        keys.computeMac1(message, mac1Offset, latestMac1);
        System.arraycopy(latestMac1, 0, message, mac1Offset, CookieKeys.MAC_LENGTH);
        buffer.putBytes(offset + mac1Offset, latestMac1);
        awaitsReply = true;

        if (hasCookie && nowNs - cookieReceivedNs < COOKIE_MAX_AGE_NS) {
            keys.computeMac(cookie, message, mac2Offset, mac2);
            buffer.putBytes(offset + mac2Offset, mac2);
        } else {
            hasCookie = false;
            buffer.putBytes(offset + mac2Offset, NO_MAC);
        }
    }

    /**
     * Takes the cookie of a reply to the message sent last; false, changing nothing, when it is no such reply or the
     * second.
     */
    public boolean consumeReply(DirectBuffer in, int offset, long nowNs) {
        if (!awaitsReply) {
            return false;
        }
        byte[] nonce = new byte[MessageCookieReplyFlyweight.NONCE_LENGTH];
        byte[] sealed = new byte[MessageCookieReplyFlyweight.ENCRYPTED_COOKIE_LENGTH];
        byte[] opened = new byte[CookieKeys.COOKIE_LENGTH];
        MessageCookieReplyFlyweight.getNonce(in, offset, nonce);
        MessageCookieReplyFlyweight.getEncryptedCookie(in, offset, sealed);
        if (!keys.openCookie(nonce, latestMac1, sealed, opened)) {
            return false;
        }
        System.arraycopy(opened, 0, cookie, 0, CookieKeys.COOKIE_LENGTH);
        cookieReceivedNs = nowNs;
        hasCookie = true;
        awaitsReply = false;
        return true;
    }
}
