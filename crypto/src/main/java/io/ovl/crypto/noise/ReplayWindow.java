package io.ovl.crypto.noise;

/**
 * The sliding window that lets every counter of a session through once, in any order within 8,128 of the highest.
 *
 * <p>A ring of 64-bit blocks: moving ahead only clears whole blocks, and the block being filled is why 64 of the 8,192
 * bits do not count for the window (RFC 6479).
 *
 * <p>Thread: one caller at a time. Units: counters are unsigned messages. Errors: none; refuses by return value.
 */
public final class ReplayWindow {
    /** How far behind the highest counter one may be. */
    public static final int WINDOW_LENGTH = 8192 - Long.SIZE;

    private static final int BLOCKS = 8192 / Long.SIZE;
    private static final int BLOCK_SHIFT = 6;

    private final long[] ring = new long[BLOCKS];

    /** One above the highest counter accepted: the next one expected. */
    private long next;

    /** The highest block that the ring holds; blocks are counted from the session's first. */
    private long headBlock;

    /**
     * Marks {@code counter} as used; false when it was used before, may have been, or is past the limit. Only after the
     * tag.
     */
    public boolean accept(long counter) {
        if (Long.compareUnsigned(counter, ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0) {
            return false;
        }
        if (Long.compareUnsigned(counter, next) >= 0) {
            advanceTo(counter >>> BLOCK_SHIFT);
            next = counter + 1;
        } else if (Long.compareUnsigned(next - 1 - counter, WINDOW_LENGTH) > 0) {
            return false;
        }
        int index = (int) (counter >>> BLOCK_SHIFT) & BLOCKS - 1;
        long bit = 1L << counter;
        boolean isFresh = (ring[index] & bit) == 0;
        ring[index] |= bit;
        return isFresh;
    }

    private void advanceTo(long block) {
        long steps = Math.min(block - headBlock, BLOCKS);
        for (long i = 1; i <= steps; i++) {
            ring[(int) (headBlock + i) & BLOCKS - 1] = 0;
        }
        headBlock = block;
    }
}
