package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Node of a routing trie for longest prefix match: a tree bitmap of six bits a node, with paths compressed.
 *
 * <p>A key is 128 bits, left-aligned in {@code high} and {@code low}. A node stands for all keys that share its first
 * {@code position} bits and decides on the six bits that follow, the chunk. Positions are -3, 3, 9, ... up to 123, so that whole IPv4
 * and IPv6 addresses, prefixes of 32 and 128 bits, are the last that end in their chunk, and 32 of them share a node:
 *
 * <pre>
 *  | position bits, the same for all | chunk | the rest ...
 *  prefixes that end in the chunk, after 0 to 5 of its bits: bit (1 &lt;&lt; n) + those n bits of {@code valueBits}
 *  prefixes that end behind it, by the chunk's value: bit 0 to 63 of {@code childBits}
 * </pre>
 *
 * <p>The bits that are set say which elements the two arrays hold, in ascending order. The values that match a chunk are the
 * ancestors of its leaf in a binary heap, so that one mask finds them, and the highest bit left is the longest prefix.
 *
 * <p>Thread: any; immutable. A change copies the path from the root to the node, everything else is shared.
 */
final class AllowedIpsNode<T> {
    private static final int STRIDE = 6;

    /** Position of the first node: a key is read as if three zero bits stood in front of it. */
    private static final int FIRST_POSITION = -3;

    private static final AllowedIpsNode<?>[] NO_CHILDREN = {};
    private static final Object[] NO_VALUES = {};

    /** For each chunk the {@code valueBits} of the prefixes that it matches. */
    private static final long[] MATCHES = matches();

    private final long high;
    private final long low;
    private final int position;
    private final long valueBits;
    private final long childBits;
    private final T[] values;
    private final AllowedIpsNode<T>[] children;

    private AllowedIpsNode(
            long high,
            long low,
            int position,
            long valueBits,
            T[] values,
            long childBits,
            AllowedIpsNode<T>[] children) {
        this.high = high;
        this.low = low;
        this.position = position;
        this.valueBits = valueBits;
        this.values = values;
        this.childBits = childBits;
        this.children = children;
    }

    private static long[] matches() {
        long[] matches = new long[1 << STRIDE];
        for (int chunk = 0; chunk < matches.length; chunk++) {
            for (int length = 0; length < STRIDE; length++) {
                matches[chunk] |= 1L << valueIndex(chunk, length);
            }
        }
        return matches;
    }

    /** Value of the longest prefix under {@code root} that the key starts with. */
    static <T> @Nullable T lookup(@Nullable AllowedIpsNode<T> root, long high, long low) {
        AllowedIpsNode<T> best = null;
        long bestMatches = 0;
        AllowedIpsNode<T> node = root;
        while (node != null && node.covers(high, low)) {
            int chunk = chunk(high, low, node.position);
            long matches = node.valueBits & MATCHES[chunk];
            if (matches != 0) {
                best = node;
                bestMatches = matches;
            }
            node = node.child(chunk);
        }
        return best == null
                ? null
                : best.values[rank(best.valueBits, Long.highestOneBit(bestMatches))];
    }

    /** Value of exactly this prefix. */
    static <T> @Nullable T exact(
            @Nullable AllowedIpsNode<T> root, long high, long low, int length) {
        AllowedIpsNode<T> node = root;
        int end = nodePosition(length);
        while (node != null && node.position <= end && node.covers(high, low)) {
            int chunk = chunk(high, low, node.position);
            if (node.position == end) {
                long bit = 1L << valueIndex(chunk, length - end);
                return (node.valueBits & bit) == 0 ? null : node.values[rank(node.valueBits, bit)];
            }
            node = node.child(chunk);
        }
        return null;
    }

    /** The trie with the prefix, whose bits behind {@code length} are zero, set to {@code value}. */
    static <T> AllowedIpsNode<T> with(
            @Nullable AllowedIpsNode<T> node, long high, long low, int length, T value) {
        int end = nodePosition(length);
        if (node == null) {
            return AllowedIpsNode.<T>empty(high, low, end)
                    .withValue(chunk(high, low, end), length - end, value);
        }
        int shared = Math.min(commonLength(high, low, node.high, node.low), end);
        if (shared >= node.position) {
            int chunk = chunk(high, low, node.position);
            return node.position == end
                    ? node.withValue(chunk, length - end, value)
                    : node.withChild(chunk, with(node.child(chunk), high, low, length, value));
        }
        AllowedIpsNode<T> branch =
                AllowedIpsNode.<T>empty(high, low, nodePosition(shared)).withChild(node);
        return with(branch, high, low, length, value);
    }

    /** The trie without the prefix, null when nothing is left. */
    static <T> @Nullable AllowedIpsNode<T> without(
            @Nullable AllowedIpsNode<T> node, long high, long low, int length) {
        int end = nodePosition(length);
        if (node == null || node.position > end || !node.covers(high, low)) {
            return node;
        }
        int chunk = chunk(high, low, node.position);
        AllowedIpsNode<T> changed;
        if (node.position == end) {
            changed = node.withoutValue(1L << valueIndex(chunk, length - end));
        } else {
            AllowedIpsNode<T> child = node.child(chunk);
            AllowedIpsNode<T> changedChild = without(child, high, low, length);
            if (child == changedChild) {
                return node;
            }
            changed =
                    changedChild == null
                            ? node.withoutChild(1L << chunk)
                            : node.withChild(chunk, changedChild);
        }
        if (changed.values.length != 0) {
            return changed;
        }
        return switch (changed.children.length) {
            case 0 -> null;
            case 1 -> changed.children[0];
            default -> changed;
        };
    }

    private boolean covers(long keyHigh, long keyLow) {
        if (position < 0) {
            return true;
        }
        return position <= 64
                ? (high ^ keyHigh) >>> 64 - position == 0
                : high == keyHigh && (low ^ keyLow) >>> 128 - position == 0;
    }

    private @Nullable AllowedIpsNode<T> child(int chunk) {
        long bit = 1L << chunk;
        return (childBits & bit) == 0 ? null : children[rank(childBits, bit)];
    }

    private AllowedIpsNode<T> withValue(int chunk, int length, T value) {
        long bit = 1L << valueIndex(chunk, length);
        int index = rank(valueBits, bit);
        T[] changed = (valueBits & bit) == 0 ? inserted(values, index) : values.clone();
        changed[index] = value;
        return new AllowedIpsNode<>(
                high, low, position, valueBits | bit, changed, childBits, children);
    }

    private AllowedIpsNode<T> withoutValue(long bit) {
        if ((valueBits & bit) == 0) {
            return this;
        }
        T[] changed = removed(values, rank(valueBits, bit));
        return new AllowedIpsNode<>(
                high, low, position, valueBits & ~bit, changed, childBits, children);
    }

    private AllowedIpsNode<T> withChild(AllowedIpsNode<T> child) {
        return withChild(chunk(child.high, child.low, position), child);
    }

    private AllowedIpsNode<T> withChild(int chunk, AllowedIpsNode<T> child) {
        long bit = 1L << chunk;
        int index = rank(childBits, bit);
        AllowedIpsNode<T>[] changed =
                (childBits & bit) == 0 ? inserted(children, index) : children.clone();
        changed[index] = child;
        return new AllowedIpsNode<>(
                high, low, position, valueBits, values, childBits | bit, changed);
    }

    private AllowedIpsNode<T> withoutChild(long bit) {
        AllowedIpsNode<T>[] changed = removed(children, rank(childBits, bit));
        return new AllowedIpsNode<>(
                high, low, position, valueBits, values, childBits & ~bit, changed);
    }

    @SuppressWarnings("unchecked")
    private static <T> AllowedIpsNode<T> empty(long high, long low, int position) {
        return new AllowedIpsNode<>(
                high, low, position, 0, (T[]) NO_VALUES, 0, (AllowedIpsNode<T>[]) NO_CHILDREN);
    }

    /** A longer copy whose element at {@code index} is to be set. */
    private static <E> E[] inserted(E[] elements, int index) {
        E[] longer = Arrays.copyOf(elements, elements.length + 1);
        System.arraycopy(elements, index, longer, index + 1, elements.length - index);
        return longer;
    }

    private static <E> E[] removed(E[] elements, int index) {
        E[] shorter = Arrays.copyOf(elements, elements.length - 1);
        System.arraycopy(elements, index + 1, shorter, index, shorter.length - index);
        return shorter;
    }

    /** Position of the node in which a prefix of this length ends. */
    private static int nodePosition(int length) {
        return length - (length - FIRST_POSITION) % STRIDE;
    }

    private static int chunk(long high, long low, int position) {
        long bits;
        if (position < 0) {
            bits = high >>> -position;
        } else if (position <= 64 - STRIDE) {
            bits = high << position;
        } else if (position < 64) {
            bits = high << position | low >>> 64 - position;
        } else {
            bits = low << position - 64;
        }
        return (int) (bits >>> 64 - STRIDE);
    }

    private static int valueIndex(int chunk, int length) {
        return 1 << length | chunk >>> STRIDE - length;
    }

    private static int rank(long bits, long bit) {
        return Long.bitCount(bits & bit - 1);
    }

    private static int commonLength(long high, long low, long otherHigh, long otherLow) {
        return high == otherHigh
                ? 64 + Long.numberOfLeadingZeros(low ^ otherLow)
                : Long.numberOfLeadingZeros(high ^ otherHigh);
    }
}
