package io.ovl.crypto.cookie;

import io.ovl.crypto.key.NoisePublicKey;

import org.bouncycastle.crypto.digests.Blake2sDigest;

import java.nio.charset.StandardCharsets;

/**
 * The keys that everyone who knows a responder's public key can compute, and what both sides do with them.
 *
 * <p>Nothing here is secret from a peer: no need to wipe.
 *
 * <p>Thread: one owner. Wire: WireGuard whitepaper §5.4.4, §5.4.7.
 */
final class CookieKeys {
    static final int MAC_LENGTH = 16;
    static final int COOKIE_LENGTH = 16;

    /** Both MACs stand at the end of an initiation and of a response. */
    static final int MACS_LENGTH = 2 * MAC_LENGTH;

    private static final int KEY_LENGTH = 32;
    private static final byte[] MAC1_LABEL = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIE_LABEL = "cookie--".getBytes(StandardCharsets.US_ASCII);

    private final Blake2sMac mac = new Blake2sMac(MAC_LENGTH);
    private final byte[] mac1Key;
    private final byte[] cookieKey;

    CookieKeys(NoisePublicKey responder) {
        mac1Key = labelledHash(MAC1_LABEL, responder);
        cookieKey = labelledHash(COOKIE_LABEL, responder);
    }

    /** Computes mac1 over the first {@code length} bytes of {@code message}. */
    void computeMac1(byte[] message, int length, byte[] mac1) {
        mac.compute(mac1Key, message, length, mac1);
    }

    /**
     * Computes mac2 over the first {@code length} bytes of {@code message}, or a cookie: both are the same MAC under
     * other keys.
     */
    void computeMac(byte[] key, byte[] message, int length, byte[] output) {
        mac.compute(key, message, length, output);
    }

    /** Encrypts a cookie for whoever sent {@code mac1}. */
    byte[] sealCookie(byte[] nonce, byte[] mac1, byte[] cookie) {
        return CookieAead.seal(cookieKey, nonce, mac1, cookie);
    }

    /** Decrypts a cookie into {@code cookie}; false when it was not made for {@code mac1}. */
    boolean openCookie(byte[] nonce, byte[] mac1, byte[] sealed, byte[] cookie) {
        return CookieAead.open(cookieKey, nonce, mac1, sealed, cookie);
    }

    private static byte[] labelledHash(byte[] label, NoisePublicKey key) {
        Blake2sDigest digest = new Blake2sDigest(8 * KEY_LENGTH);
        byte[] hash = new byte[KEY_LENGTH];
        digest.update(label, 0, label.length);
        digest.update(key.bytes(), 0, NoisePublicKey.LENGTH);
        digest.doFinal(hash, 0);
        return hash;
    }
}
