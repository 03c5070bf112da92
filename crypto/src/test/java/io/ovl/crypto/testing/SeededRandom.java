package io.ovl.crypto.testing;

import io.ovl.crypto.key.RandomSource;

import java.util.SplittableRandom;

/** Repeatable randomness: one seed, one run. */
public final class SeededRandom implements RandomSource {
    private final SplittableRandom random;

    public SeededRandom(long seed) {
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
