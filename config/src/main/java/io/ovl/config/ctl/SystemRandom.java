package io.ovl.config.ctl;

import io.ovl.crypto.key.RandomSource;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * The kernel's randomness.
 *
 * <p>Thread: any.
 */
final class SystemRandom implements RandomSource {
    private final SecureRandom random;

    SystemRandom() {
        try {
            random = SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK on Linux always has it", e);
        }
    }

    @Override
    public void nextBytes(byte[] destination) {
        random.nextBytes(destination);
    }

    @Override
    public int nextInt() {
        return random.nextInt();
    }
}
