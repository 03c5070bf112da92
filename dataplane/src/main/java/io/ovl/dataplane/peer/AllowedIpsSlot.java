package io.ovl.dataplane.peer;

/**
 * A slot of a routing trie's node, an int: a child or a list of prefixes, and the longest inner prefix that its keys
 * match.
 *
 * <pre>
 *  end of its list, or its child (14 bits) | length of its list, or CHILD (4) | index of its longest inner prefix, or 0 (14)
 * </pre>
 */
final class AllowedIpsSlot {
    /** Longest list of a slot; a longer one becomes a child. */
    static final int MAX_LIST_LENGTH = 8;

    private static final int INNER_BITS = 14;
    private static final int LENGTH_BITS = 4;
    private static final int END_SHIFT = INNER_BITS + LENGTH_BITS;

    /** To add for a list that ends one later. */
    static final int END = 1 << END_SHIFT;

    /** To add for one more in the list. */
    static final int LISTED = 1 << INNER_BITS;

    private static final int INNER_MASK = (1 << INNER_BITS) - 1;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;
    private static final int CHILD = LENGTH_MASK;

    private AllowedIpsSlot() {}

    /** A slot with a list, in front of {@code end}. */
    static int list(int inner, int length, int end) {
        return end << END_SHIFT | length << INNER_BITS | inner;
    }

    /** A slot with a child. */
    static int child(int inner, int index) {
        return list(inner, CHILD, index);
    }

    static boolean hasChild(int slot) {
        return length(slot) == CHILD;
    }

    static int inner(int slot) {
        return slot & INNER_MASK;
    }

    static int length(int slot) {
        return slot >>> INNER_BITS & LENGTH_MASK;
    }

    /** End of the list, or index of the child. */
    static int end(int slot) {
        return slot >>> END_SHIFT;
    }
}
