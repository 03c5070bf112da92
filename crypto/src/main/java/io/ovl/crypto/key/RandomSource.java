package io.ovl.crypto.key;

/**
 * Randomness for keys, nonces and indices.
 *
 * <p>Thread: as the implementation says; the daemon's is {@code SecureRandom}, a simulation's is seeded and
 * single-threaded.
 */
public interface RandomSource {
    /** Fills all of {@code destination}. */
    void nextBytes(byte[] destination);

    /** Returns 32 uniformly random bits. */
    int nextInt();
}
