package io.ovl.dataplane.peer;

/**
 * Bits of prefixes: a key is 128 bits, left-aligned in {@code high} and {@code low}.
 *
 * <p>A node of a routing trie stores a prefix as its bits behind the node's {@code position}, a one, the mark, and
 * zeros: 64 bits of head and, if it is long, 64 of tail.
 */
final class PrefixBits {
    static final int BITS = 128;

    private PrefixBits() {}

    /**
     * Whether a prefix can stand in a node: with all bits of an address behind the position there is none left for the
     * mark.
     */
    static boolean isStorable(int length, int position) {
        return length - position < BITS;
    }

    /** The first 64 bits of a key behind {@code position}. */
    static long head(long high, long low, int position) {
        // A shift by 64 is none: hence two steps, of 1 and 63 - position.
        return position < 64 ? high << position | low >>> 1 >>> ~position : low << position;
    }

    /** The 64 bits behind the head. */
    static long tail(long high, long low, int position) {
        return position < 64 ? low << position : 0;
    }

    /** Head of a prefix as it is stored. */
    static long markedHead(long high, long low, int length, int position) {
        int rest = length - position;
        return head(high, low, position) | (rest < 64 ? Long.MIN_VALUE >>> rest : 0);
    }

    /** Tail of a prefix as it is stored. */
    static long markedTail(long high, long low, int length, int position) {
        int rest = length - position;
        return rest < 64 ? 0 : tail(high, low, position) | Long.MIN_VALUE >>> rest;
    }

    /** 1 when the key has the prefix's bits above its lowest one, else 0: whether none of 64 bits differs. */
    static int matches(long prefix, long key) {
        return Long.numberOfLeadingZeros((prefix ^ key) & ~(prefix ^ prefix - 1)) >>> 6;
    }

    /** A head or tail without its mark. */
    static long unmarked(long marked) {
        return marked & marked - 1;
    }

    /** Length of a prefix behind the position. */
    static int length(long head, long tail) {
        return tail == 0
                ? 63 - Long.numberOfTrailingZeros(head)
                : 127 - Long.numberOfTrailingZeros(tail);
    }

    /** Number of first bits that two keys have in common. */
    static int commonLength(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh
                ? 64 + Long.numberOfLeadingZeros(low ^ otherLow)
                : Long.numberOfLeadingZeros(high ^ otherHigh);
    }

    /** Order of their bits, a prefix before its extensions. */
    static int compare(
            long high, long low, int length, long otherHigh, long otherLow, int otherLength) {
        int order = Long.compareUnsigned(high, otherHigh);
        if (order == 0) {
            order = Long.compareUnsigned(low, otherLow);
        }
        return order == 0 ? Integer.compare(length, otherLength) : order;
    }

    /** Mask of a number's first bits: all from 64 on, none up to 0. */
    static long firstBits(int count) {
        return count <= 0 ? 0 : -1L << Math.max(0, 64 - count);
    }
}
