package io.ovl.crypto.cookie;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.security.MessageDigest;

/**
 * The responder's side of mac1, mac2 and cookies: sorts handshake messages before any of them costs a scalar
 * multiplication.
 *
 * <p>An address is what IpAddress of the configuration is: {@code isIpv6}, and the bits in {@code high} and
 * {@code low}, an IPv4 address in the low 32 bits of {@code low}.
 *
 * <p>Thread: one owner. Ownership: borrows buffers for the length of a call; {@link #check} allocates nothing.
 * Wire: WireGuard whitepaper §5.4.4, §5.4.7. Units: {@code nowNs} is boot time.
 */
public final class CookieChecker {
    /** Age at which the secret that cookies are made from is replaced. */
    public static final long SECRET_MAX_AGE_NS = 120_000_000_000L;

    private static final int SECRET_LENGTH = 32;
    private static final int LONGEST_MESSAGE_LENGTH = MessageInitiationFlyweight.LENGTH;
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;
    private static final int PORT_LENGTH = 2;

    private final CookieKeys keys;
    private final RandomSource random;
    private final byte[] message = new byte[LONGEST_MESSAGE_LENGTH];
    private final byte[] claimedMac = new byte[CookieKeys.MAC_LENGTH];
    private final byte[] expectedMac = new byte[CookieKeys.MAC_LENGTH];
    private final byte[] source = new byte[IPV6_LENGTH + PORT_LENGTH];
    private final byte[] cookie = new byte[CookieKeys.COOKIE_LENGTH];

    private final byte[] secret = new byte[SECRET_LENGTH];
    private boolean hasSecret;
    private long secretCreatedNs;

    /** For the host whose static public key is {@code local}; a new key needs a new checker. */
    public CookieChecker(NoisePublicKey local, RandomSource random) {
        keys = new CookieKeys(local);
        this.random = random;
    }

    /**
     * Verifies mac1, and mac2 only when {@code isUnderLoad}.
     *
     * @param length the exact length of an initiation or a response, as classified
     */
    public MacState check(
            DirectBuffer buffer,
            int offset,
            int length,
            boolean isIpv6,
            long high,
            long low,
            int port,
            boolean isUnderLoad,
            long nowNs) {
        int mac1Offset = length - CookieKeys.MACS_LENGTH;
        int mac2Offset = length - CookieKeys.MAC_LENGTH;
        buffer.getBytes(offset, message, 0, length);
        keys.computeMac1(message, mac1Offset, expectedMac);
        if (!isClaimed(mac1Offset)) {
            return MacState.INVALID_MAC1;
        }
        if (!isUnderLoad || !isSecretFresh(nowNs)) {
            return MacState.VALID_MAC1;
        }
        computeCookie(isIpv6, high, low, port);
        keys.computeMac(cookie, message, mac2Offset, expectedMac);
        return isClaimed(mac2Offset) ? MacState.VALID_MAC2 : MacState.VALID_MAC1;
    }

    /**
     * Writes the cookie reply to a message with a valid mac1 that came from the given address.
     *
     * @param length the exact length of an initiation or a response, as classified
     */
    public void createReply(
            MutableDirectBuffer out,
            int outOffset,
            DirectBuffer buffer,
            int offset,
            int length,
            boolean isIpv6,
            long high,
            long low,
            int port,
            long nowNs) {
        if (!isSecretFresh(nowNs)) {
            renewSecret(nowNs);
        }
        computeCookie(isIpv6, high, low, port);
        buffer.getBytes(offset + length - CookieKeys.MACS_LENGTH, claimedMac);
        byte[] nonce = new byte[MessageCookieReplyFlyweight.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = keys.sealCookie(nonce, claimedMac, cookie);

        MessageCookieReplyFlyweight.putType(out, outOffset);
        MessageCookieReplyFlyweight.receiverIndex(
                out, outOffset, MessageInitiationFlyweight.senderIndex(buffer, offset));
        MessageCookieReplyFlyweight.putNonce(out, outOffset, nonce);
        MessageCookieReplyFlyweight.putEncryptedCookie(out, outOffset, sealed);
    }

    private boolean isClaimed(int macOffset) {
        System.arraycopy(message, macOffset, claimedMac, 0, CookieKeys.MAC_LENGTH);
        return MessageDigest.isEqual(claimedMac, expectedMac);
    }

    private boolean isSecretFresh(long nowNs) {
        return hasSecret && nowNs - secretCreatedNs < SECRET_MAX_AGE_NS;
    }

    private void renewSecret(long nowNs) {
        random.nextBytes(secret);
        secretCreatedNs = nowNs;
        hasSecret = true;
    }

    private void computeCookie(boolean isIpv6, long high, long low, int port) {
        int addressLength = isIpv6 ? IPV6_LENGTH : IPV4_LENGTH;
        for (int i = 0; i < addressLength; i++) {
            int shift = 8 * (addressLength - 1 - i);
            source[i] = (byte) (shift >= Long.SIZE ? high >>> shift - Long.SIZE : low >>> shift);
        }
        source[addressLength] = (byte) (port >>> 8);
        source[addressLength + 1] = (byte) port;
        keys.computeMac(secret, source, addressLength + PORT_LENGTH, cookie);
    }
}
