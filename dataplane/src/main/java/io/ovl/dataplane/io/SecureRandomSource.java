package io.ovl.dataplane.io;

import io.ovl.crypto.key.RandomSource;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Random numbers from the kernel ({@code /dev/urandom}) by way of the JDK.
 *
 * <p>Thread: any.
 */
public final class SecureRandomSource implements RandomSource {
    private final SecureRandom random;

    public SecureRandomSource() {
        try {
            random = SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK does not offer the kernel's randomness", e);
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
