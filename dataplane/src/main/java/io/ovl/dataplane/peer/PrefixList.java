package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * Prefixes with their owners, and nodes of a routing trie, in order of their bits, a prefix before its extensions: what
 * nodes are laid out from.
 *
 * <p>Thread: the writer of the table.
 */
final class PrefixList<T> {
    /** Stands for the length of a node, so that it comes after the prefix of its first bits. */
    private static final int NODE = PrefixBits.BITS + 1;

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
                lengths[from],
                PrefixBits.commonLength(highs[from], lows[from], highs[to - 1], lows[to - 1]));
    }

    /** Adds a prefix at the end, where it belongs. */
    void add(long high, long low, int length, T owner) {
        set(size++, high, low, length, owner);
    }

    /** Adds a node at the end, where it belongs. */
    void add(long high, long low, AllowedIpsNode<T> node) {
        set(size++, high, low, NODE, node);
    }

    /** Adds a prefix that is not there yet. */
    void insert(long high, long low, int length, T owner) {
        int index = indexOf(high, low, length);
        move(index, index + 1, size - index);
        set(index, high, low, length, owner);
        size++;
    }

    /** Removes the prefix, which is there. */
    void remove(long high, long low, int length) {
        int index = indexOf(high, low, length);
        size--;
        move(index + 1, index, size - index);
    }

    private void move(int from, int to, int count) {
        System.arraycopy(highs, from, highs, to, count);
        System.arraycopy(lows, from, lows, to, count);
        System.arraycopy(lengths, from, lengths, to, count);
        System.arraycopy(values, from, values, to, count);
    }

    private void set(int index, long high, long low, int length, Object value) {
        highs[index] = high;
        lows[index] = low;
        lengths[index] = length;
        values[index] = value;
    }

    /** Index of the prefix, or of the first that comes after it. */
    private int indexOf(long high, long low, int length) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = from + to >>> 1;
            if (PrefixBits.compare(highs[middle], lows[middle], lengths[middle], high, low, length)
                    < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
