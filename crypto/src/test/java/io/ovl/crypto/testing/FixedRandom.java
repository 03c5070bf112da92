package io.ovl.crypto.testing;

import io.ovl.crypto.key.RandomSource;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/** Hands out recorded bytes in order, so that a recorded message comes out again. */
public final class FixedRandom implements RandomSource {
    private final ArrayDeque<byte[]> recorded;

    public FixedRandom(byte[]... recorded) {
        this.recorded = new ArrayDeque<>(List.of(Arrays.copyOf(recorded, recorded.length)));
    }

    @Override
    public void nextBytes(byte[] destination) {
        byte[] next = recorded.removeFirst();
        if (next.length != destination.length) {
            throw new IllegalStateException(
                    "recorded " + next.length + " bytes, asked for " + destination.length);
        }
        System.arraycopy(next, 0, destination, 0, next.length);
    }

    @Override
    public int nextInt() {
        throw new IllegalStateException("no integers recorded");
    }
}
