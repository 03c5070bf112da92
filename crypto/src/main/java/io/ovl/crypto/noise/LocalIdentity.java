package io.ovl.crypto.noise;

import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.SecretCell;

import java.util.Arrays;

/**
 * This host's static key pair, as handshakes use it.
 *
 * <p>Thread: any until {@link #close}. Ownership: has its own off-heap copy of the private key, wiped by
 * {@link #close}; the key it was made from stays the caller's.
 */
public final class LocalIdentity implements AutoCloseable {
    private final SecretCell privateKey;
    private final NoisePublicKey publicKey;
    private final boolean hasKey;

    public LocalIdentity(NoisePrivateKey key) {
        byte[] scalar = new byte[NoisePrivateKey.LENGTH];
        key.copyTo(scalar, 0);
        privateKey = SecretCell.copyOf(scalar, 0);
        Arrays.fill(scalar, (byte) 0);
        publicKey = key.publicKey();
        hasKey = !key.isZero();
    }

    /** Whether there is a private key at all: UAPI's all-zero key means that there is none, and no handshake. */
    public boolean hasKey() {
        return hasKey;
    }

    public NoisePublicKey publicKey() {
        return publicKey;
    }

    SecretCell privateKey() {
        return privateKey;
    }

    /** Wipes the private key. Idempotent. */
    @Override
    public void close() {
        privateKey.close();
    }
}
