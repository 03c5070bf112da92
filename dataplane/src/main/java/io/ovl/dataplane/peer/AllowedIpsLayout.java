package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Lays out a node of a routing trie from the prefixes, and children, that it is to have.
 *
 * <p>A node has about as many slots as there are prefixes below it. Where that were more than {@value #MAX_WIDTH} bits
 * of the address, so that a change copied too much, they are spread over several levels evenly. A list that does not
 * fit becomes a child.
 *
 * <p>Thread: the writer of the table.
 */
final class AllowedIpsLayout<T> {
    /** All inner prefixes and full lists of so many bits' slots can still be told apart in {@link AllowedIpsSlot}. */
    private static final int MAX_WIDTH = 9;

    private static final AllowedIpsNode<?>[] NO_CHILDREN = {};

    private final PrefixList<T> list;
    private final int from;
    private final int to;
    private final int position;
    private final int width;
    private final int[] slots;
    private final long[] heads;
    private long @Nullable [] tails;
    private final T[] owners;
    private AllowedIpsNode<T>[] children = noChildren();
    private int end = AllowedIpsNode.FIRST;
    private int childCount;

    @SuppressWarnings("unchecked")
    private AllowedIpsLayout(PrefixList<T> list, int from, int to, int position, int width) {
        this.list = list;
        this.from = from;
        this.to = to;
        this.position = position;
        this.width = width;
        slots = new int[1 << width];
        heads = new long[AllowedIpsNode.FIRST + to - from];
        owners = (T[]) new Object[heads.length];
    }

    /** A trie of these prefixes. */
    static <T> AllowedIpsNode<T> trie(PrefixList<T> prefixes) {
        return trie(prefixes, 0, prefixes.size());
    }

    private static <T> AllowedIpsNode<T> trie(PrefixList<T> prefixes, int from, int to) {
        int size = to - from;
        int position = Math.min(PrefixBits.BITS - 1, prefixes.commonLength(from, to));
        int width = Math.min(width(size), PrefixBits.BITS - position);
        return new AllowedIpsLayout<>(prefixes, from, to, position, width)
                .node(prefixes.prefixCount(from, to));
    }

    /** The node with other prefixes and children. */
    static <T> AllowedIpsNode<T> changed(AllowedIpsNode<T> node, PrefixList<T> content) {
        return new AllowedIpsLayout<>(content, 0, content.size(), node.position, node.width)
                .node(node.plannedSize);
    }

    /** Whether a node has become so much larger or smaller that another width would suit it. */
    static boolean isOutgrown(AllowedIpsNode<?> node) {
        return node.size > node.plannedSize + node.plannedSize / 4 + 1
                || node.size < node.plannedSize / 2;
    }

    private static int width(int size) {
        int bits = Math.max(1, 31 - Integer.numberOfLeadingZeros(size + size / 3));
        int levels = (bits + MAX_WIDTH - 1) / MAX_WIDTH;
        return (bits + levels - 1) / levels;
    }

    private AllowedIpsNode<T> node(int plannedSize) {
        int next = from;
        for (int slot = 0; slot < slots.length; slot++) {
            while (isIn(slot, next) && isInner(next)) {
                int count = 1 << position + width - list.length(next);
                Arrays.fill(slots, slot, slot + count, end);
                add(next++);
            }
            int first = next;
            while (isIn(slot, next)) {
                next++;
            }
            slots[slot] = listed(slots[slot], first, next);
        }
        return new AllowedIpsNode<>(
                list.high(from) & PrefixBits.firstBits(position),
                list.low(from) & PrefixBits.firstBits(position - 64),
                position,
                width,
                plannedSize,
                list.prefixCount(from, to),
                slots,
                Arrays.copyOf(heads, end),
                tails == null ? null : Arrays.copyOf(tails, end),
                Arrays.copyOf(owners, end),
                Arrays.copyOf(children, childCount));
    }

    /** A slot with what stands in the list from one index to another. */
    private int listed(int inner, int first, int next) {
        AllowedIpsNode<T> node = first == next ? null : list.node(first);
        if (node == null && fits(first, next)) {
            for (int i = first; i < next; i++) {
                add(i);
            }
            return AllowedIpsSlot.list(inner, next - first, end);
        }
        if (childCount == children.length) {
            children = Arrays.copyOf(children, Math.max(4, 2 * childCount));
        }
        children[childCount] = node == null ? trie(list, first, next) : node;
        return AllowedIpsSlot.child(inner, childCount++);
    }

    private boolean fits(int first, int next) {
        boolean hasRoom = next - first <= AllowedIpsSlot.MAX_LIST_LENGTH;
        for (int i = first; i < next; i++) {
            hasRoom &= PrefixBits.isStorable(list.length(i), position);
        }
        return hasRoom;
    }

    private void add(int index) {
        long high = list.high(index);
        long low = list.low(index);
        int length = list.length(index);
        heads[end] = PrefixBits.markedHead(high, low, length, position);
        long tail = PrefixBits.markedTail(high, low, length, position);
        if (tail != 0) {
            if (tails == null) {
                tails = new long[heads.length];
            }
            tails[end] = tail;
        }
        owners[end] = list.owner(index);
        end++;
    }

    private boolean isInner(int index) {
        return list.node(index) == null && list.length(index) <= position + width;
    }

    private boolean isIn(int slot, int index) {
        return index < to
                && PrefixBits.head(list.high(index), list.low(index), position) >>> -width == slot;
    }

    @SuppressWarnings("unchecked")
    private static <T> AllowedIpsNode<T>[] noChildren() {
        return (AllowedIpsNode<T>[]) NO_CHILDREN;
    }
}
