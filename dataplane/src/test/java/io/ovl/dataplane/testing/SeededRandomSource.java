package io.ovl.dataplane.testing;

import io.ovl.crypto.key.RandomSource;

import java.util.SplittableRandom;

/**
 * Randomness that a seed repeats.
 *
 * <p>Thread: one owner.
 */
public final class SeededRandomSource implements RandomSource {
    private final SplittableRandom random;

    public SeededRandomSource(long seed) {
        random = new SplittableRandom(seed);
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
