package io.ovl.crypto.aead;

import org.jspecify.annotations.Nullable;

/**
 * A fixed-capacity list of seal or open jobs, filled by a path and handed to {@link Aead} in one call.
 *
 * <p>Thread: one owner. Ownership: borrows keys and memory until {@link #clear}.
 */
public final class AeadBatch {
    private final @Nullable AeadKey[] keys;
    private final long[] counters;
    private final long[] sources;
    private final int[] lengths;
    private final long[] destinations;
    private final boolean[] verified;
    private int count;

    public AeadBatch(int capacity) {
        keys = new AeadKey[capacity];
        counters = new long[capacity];
        sources = new long[capacity];
        lengths = new int[capacity];
        destinations = new long[capacity];
        verified = new boolean[capacity];
    }

    /** Appends a job; the caller checks {@link #isFull} first. */
    public void add(AeadKey key, long counter, long source, int length, long destination) {
        keys[count] = key;
        counters[count] = counter;
        sources[count] = source;
        lengths[count] = length;
        destinations[count] = destination;
        verified[count] = false;
        count++;
    }

    public boolean isFull() {
        return count == lengths.length;
    }

    public int count() {
        return count;
    }

    /** Forgets all jobs. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            keys[i] = null;
        }
        count = 0;
    }

    @SuppressWarnings("NullAway") // entries below count are set
    public AeadKey key(int index) {
        return keys[index];
    }

    public long counter(int index) {
        return counters[index];
    }

    public long source(int index) {
        return sources[index];
    }

    public int length(int index) {
        return lengths[index];
    }

    public long destination(int index) {
        return destinations[index];
    }

    /** Whether the job's tag verified when it was opened. */
    public boolean isVerified(int index) {
        return verified[index];
    }

    void verified(int index, boolean value) {
        verified[index] = value;
    }
}
