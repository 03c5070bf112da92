package io.ovl.crypto.noise;

import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.key.SecretCell;

import org.bouncycastle.math.ec.rfc7748.X25519;

import java.util.Arrays;

/**
 * X25519 (RFC 7748) with private keys that live off the heap.
 *
 * <p>Thread: any; stateless. Ownership: wipes its heap copy of the scalar.
 */
final class Agreement {
    static final int LENGTH = 32;

    private Agreement() {}

    /** A fresh ephemeral private key, clamped. */
    static SecretCell generate(RandomSource random) {
        byte[] scalar = new byte[LENGTH];
        random.nextBytes(scalar);
        X25519.clampPrivateKey(scalar);
        SecretCell key = SecretCell.copyOf(scalar, 0);
        Arrays.fill(scalar, (byte) 0);
        return key;
    }

    static byte[] publicKey(SecretCell privateKey) {
        byte[] scalar = new byte[LENGTH];
        byte[] point = new byte[LENGTH];
        privateKey.copyTo(scalar, 0);
        X25519.scalarMultBase(scalar, 0, point, 0);
        Arrays.fill(scalar, (byte) 0);
        return point;
    }

    /**
     * Computes the shared secret; false when it is zero, whatever the private key: RFC 7748 §6.1's check is not
     * optional here.
     */
    static boolean compute(SecretCell privateKey, byte[] publicKey, byte[] shared) {
        byte[] scalar = new byte[LENGTH];
        privateKey.copyTo(scalar, 0);
        boolean isContributory = X25519.calculateAgreement(scalar, 0, publicKey, 0, shared, 0);
        Arrays.fill(scalar, (byte) 0);
        return isContributory;
    }
}
