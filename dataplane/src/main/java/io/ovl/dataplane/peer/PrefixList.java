package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * Prefixes with their owners, and nodes of a routing trie, in order of their bits, a prefix before its extensions: what nodes are laid
 * out from.
 *
 * <p>Thread: the writer of the table.
 */
final class PrefixList<T> {
    /** Stands for the length of a node, so that it comes after the prefix of its first bits. */
    private static final int NODE = AllowedIpsNode.BITS + 1;

    private final long[] highs;
    private final long[] lows;
    private final int[] lengths;
    private final Object[] values;
    private int size;

    /** @param capacity how many it may hold */
    PrefixList(int capacity) {
        highs = new long[capacity];
        lows = new long[capacity];
        lengths = new int[capacity];
        values = new Object[capacity];
    }

    int size() {
        return size;
    }

    long high(int index) {
        return highs[index];
    }

    long low(int index) {
        return lows[index];
    }

    /** Length of the prefix that stands here. */
    int length(int index) {
        return lengths[index];
    }

    /** Owner of the prefix that stands here. */
    @SuppressWarnings("unchecked")
    T owner(int index) {
        return (T) values[index];
    }

    /** The node that stands here, null when it is a prefix. */
    @SuppressWarnings("unchecked")
    @Nullable AllowedIpsNode<T> node(int index) {
        return values[index] instanceof AllowedIpsNode<?> node ? (AllowedIpsNode<T>) node : null;
    }

    /** Number of prefixes from one index to another, those in nodes included. */
    int prefixCount(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            AllowedIpsNode<T> node = node(i);
            count += node == null ? 1 : node.size;
        }
        return count;
    }

    /** Number of first bits that all from one index to another, prefixes, have. */
    int commonLength(int from, int to) {
        // What is shorter than the others but starts like them comes first.
        return Math.min(
                lengths[from], commonLength(highs[from], lows[from], highs[to - 1], lows[to - 1]));
    }

    static int commonLength(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh
                ? 64 + Long.numberOfLeadingZeros(low ^ otherLow)
                : Long.numberOfLeadingZeros(high ^ otherHigh);
    }

    /** Adds a prefix at the end, where it belongs. */
    void add(long high, long low, int length, T owner) {
        insert(size, high, low, length, owner);
    }

    /** Adds a node at the end, where it belongs. */
    void add(long high, long low, AllowedIpsNode<T> node) {
        insert(size, high, low, NODE, node);
    }

    /** Adds a prefix that is not there yet. */
    void insert(long high, long low, int length, T owner) {
        insert(indexOf(high, low, length), high, low, length, owner);
    }

    /** Removes the prefix if it is there. */
    void remove(long high, long low, int length) {
        int index = indexOf(high, low, length);
        if (index < size && compare(index, high, low, length) == 0) {
            size--;
            int count = size - index;
            System.arraycopy(highs, index + 1, highs, index, count);
            System.arraycopy(lows, index + 1, lows, index, count);
            System.arraycopy(lengths, index + 1, lengths, index, count);
            System.arraycopy(values, index + 1, values, index, count);
        }
    }

    private void insert(int index, long high, long low, int length, Object value) {
        int count = size - index;
        System.arraycopy(highs, index, highs, index + 1, count);
        System.arraycopy(lows, index, lows, index + 1, count);
        System.arraycopy(lengths, index, lengths, index + 1, count);
        System.arraycopy(values, index, values, index + 1, count);
        highs[index] = high;
        lows[index] = low;
        lengths[index] = length;
        values[index] = value;
        size++;
    }

    /** Index of the prefix, or of the first that comes after it. */
    private int indexOf(long high, long low, int length) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = from + to >>> 1;
            if (compare(middle, high, low, length) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private int compare(int index, long high, long low, int length) {
        int order = Long.compareUnsigned(highs[index], high);
        if (order == 0) {
            order = Long.compareUnsigned(lows[index], low);
        }
        return order == 0 ? Integer.compare(lengths[index], length) : order;
    }
}
