package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * Node of a routing trie for longest prefix match: a level-compressed trie (Nilsson and Karlsson, "IP-Address Lookup Using
 * LC-Tries", 1999) whose leaves are short lists of prefixes.
 *
 * <p>A key is 128 bits, left-aligned in {@code high} and {@code low}. A node stands for all keys that share its first
 * {@code position} bits. The {@code width} bits that follow choose one of its slots, which leads to a child or to a list of the
 * longer prefixes that start like this. {@link AllowedIpsLayout} says how wide a node is.
 *
 * <pre>
 *  slot:         end of its list, or its child (17 bits) | length of its list, or CHILD (4) | its longest inner prefix (11)
 *  heads, tails: 4 unused | inner prefixes, of at most position + width bits | list of slot 0 | list of slot 1 | ...
 *  owners:       4 nulls  | owner of each prefix
 * </pre>
 *
 * <p>A prefix is stored as its bits behind {@code position}, a one and zeros: 64 bits of head and, if it is long, 64 of tail. A node
 * without long ones has no tails. Inner prefixes are pushed to the slots: each names the longest one that its keys match. Prefixes are
 * in order of their bits, a prefix before its extensions, so that of those that a key matches the last is the longest.
 *
 * <p>What a lookup costs is the cache lines that it touches first, and whether the processor can begin the next one meanwhile. Hence
 * few levels, arrays in which a prefix takes 12 bytes and a slot 4, and no branch that depends on which prefix of a list matches.
 *
 * <p>Thread: any; immutable. A change copies the nodes on the path from the root, everything else is shared.
 */
final class AllowedIpsNode<T> {
    static final int BITS = 128;

    /** Index of the first prefix. Before it is what {@link #match} may read in front of a short list and take for a match. */
    static final int FIRST = 4;

    private static final int INNER_BITS = 11;
    private static final int LENGTH_BITS = 4;
    private static final int INNER_MASK = (1 << INNER_BITS) - 1;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;
    private static final int CHILD = LENGTH_MASK;

    final int position;
    final int width;

    /** Number of prefixes that the node was laid out for. */
    final int plannedSize;

    /** Number of prefixes in the node and below it. */
    final int size;

    private final long high;
    private final long low;
    private final int firstListed;
    private final int[] slots;
    private final long[] heads;
    private final long @Nullable [] tails;
    private final T[] owners;
    private final AllowedIpsNode<T>[] children;

    AllowedIpsNode(
            long high,
            long low,
            int position,
            int width,
            int plannedSize,
            int size,
            int firstListed,
            int[] slots,
            long[] heads,
            long @Nullable [] tails,
            T[] owners,
            AllowedIpsNode<T>[] children) {
        this.high = high;
        this.low = low;
        this.position = position;
        this.width = width;
        this.plannedSize = plannedSize;
        this.size = size;
        this.firstListed = firstListed;
        this.slots = slots;
        this.heads = heads;
        this.tails = tails;
        this.owners = owners;
        this.children = children;
    }

    /** A slot's list, in front of {@code end}. */
    static int listSlot(int inner, int length, int end) {
        return end << INNER_BITS + LENGTH_BITS | length << INNER_BITS | inner;
    }

    /** A slot's child. */
    static int childSlot(int inner, int index) {
        return listSlot(inner, CHILD, index);
    }

    /** Owner of the longest prefix under {@code root} that the key starts with. */
    static <T> @Nullable T lookup(@Nullable AllowedIpsNode<T> root, long high, long low) {
        if (root == null) {
            return null;
        }
        AllowedIpsNode<T> best = root;
        int bestIndex = 0;
        AllowedIpsNode<T> node = root;
        while (node.covers(high, low)) {
            long head = head(high, low, node.position);
            int slot = node.slots[(int) (head >>> -node.width)];
            boolean hasChild = hasChild(slot);
            int index = hasChild ? inner(slot) : node.match(slot, head, high, low);
            if (index >= FIRST) {
                best = node;
                bestIndex = index;
            }
            if (!hasChild) {
                break;
            }
            node = node.children[end(slot)];
        }
        return best.owners[bestIndex];
    }

    /** Index of the longest prefix of a slot without a child that matches; less than {@link #FIRST} when none does. */
    private int match(int slot, long head, long keyHigh, long keyLow) {
        if (tails != null) {
            return matchLong(tails, slot, head, tail(keyHigh, keyLow, position));
        }
        // Always four, as a branch on the length would often be mispredicted. In front of a short
        // list are other slots' prefixes, which do not match, inner ones, of which the slot's own
        // is the longest that does, or unused ones.
        int end = end(slot);
        int matches =
                matches(heads[end - 1], head)
                        | matches(heads[end - 2], head) << 1
                        | matches(heads[end - 3], head) << 2
                        | matches(heads[end - 4], head) << 3;
        int last = Integer.numberOfTrailingZeros(matches);
        int index = Math.max(inner(slot), end - 1 - last & (last - 4 >> 31));
        for (int i = end - length(slot); i < end - 4; i++) {
            index = Math.max(index, i * matches(heads[i], head));
        }
        return index;
    }

    private int matchLong(long[] tails, int slot, long head, long tail) {
        int end = end(slot);
        int index = inner(slot);
        for (int i = end - length(slot); i < end; i++) {
            int matches =
                    tails[i] == 0
                            ? matches(heads[i], head)
                            : heads[i] == head ? matches(tails[i], tail) : 0;
            index = Math.max(index, i * matches);
        }
        return index;
    }

    /** 1 when the key has the prefix's bits above its lowest one, else 0: whether none of 64 bits differs. */
    private static int matches(long prefix, long key) {
        return Long.numberOfLeadingZeros((prefix ^ key) & ~(prefix ^ prefix - 1)) >>> 6;
    }

    /** Owner of exactly this prefix. */
    static <T> @Nullable T exact(
            @Nullable AllowedIpsNode<T> root, long high, long low, int length) {
        AllowedIpsNode<T> node = root;
        while (node != null && node.covers(high, low, length)) {
            AllowedIpsNode<T> child = node.child(high, low, length);
            if (child == null) {
                int index = node.indexOf(high, low, length);
                return index < 0 ? null : node.owners[index];
            }
            node = child;
        }
        return null;
    }

    /** Index of exactly this prefix, which this node covers and no child of it; negative when it is not there. */
    int indexOf(long keyHigh, long keyLow, int length) {
        long head = markedHead(keyHigh, keyLow, length, position);
        long tail = markedTail(keyHigh, keyLow, length, position);
        int slot = slots[slotIndex(keyHigh, keyLow)];
        boolean isInner = length <= position + width;
        int from = isInner ? FIRST : end(slot) - length(slot);
        int to = isInner ? firstListed : end(slot);
        for (int i = from; i < to; i++) {
            if (heads[i] == head && tail(i) == tail) {
                return i;
            }
        }
        return -1;
    }

    /** Whether the prefix belongs to this node or one below it. */
    boolean covers(long keyHigh, long keyLow, int length) {
        return length >= position && covers(keyHigh, keyLow);
    }

    private boolean covers(long keyHigh, long keyLow) {
        return PrefixList.commonLength(high, low, keyHigh, keyLow) >= position;
    }

    /** The child to which a prefix that this node covers belongs, null when the node has it. */
    @Nullable AllowedIpsNode<T> child(long keyHigh, long keyLow, int length) {
        int slot = slots[slotIndex(keyHigh, keyLow)];
        return hasChild(slot) && length > position + width ? children[end(slot)] : null;
    }

    /** This node with another child instead of the one that covers the key. */
    AllowedIpsNode<T> withChild(long keyHigh, long keyLow, AllowedIpsNode<T> child) {
        int index = end(slots[slotIndex(keyHigh, keyLow)]);
        int changedSize = size - children[index].size + child.size;
        AllowedIpsNode<T>[] changed = children.clone();
        changed[index] = child;
        return with(changedSize, owners, changed);
    }

    /** This node with another owner of the prefix at {@code index}. */
    AllowedIpsNode<T> withOwner(int index, T owner) {
        T[] changed = owners.clone();
        changed[index] = owner;
        return with(size, changed, children);
    }

    private AllowedIpsNode<T> with(
            int changedSize, T[] changedOwners, AllowedIpsNode<T>[] changedChildren) {
        return new AllowedIpsNode<>(
                high,
                low,
                position,
                width,
                plannedSize,
                changedSize,
                firstListed,
                slots,
                heads,
                tails,
                changedOwners,
                changedChildren);
    }

    /** What {@link #copyTo} may add at the most. */
    int contentSize(int few) {
        return Math.min(size, owners.length - FIRST + Math.max(1, few) * children.length);
    }

    /** Adds to the list, in order, this node's prefixes and children; instead of a child with few prefixes, these. */
    void copyTo(PrefixList<T> list, int few) {
        int inner = FIRST;
        for (int i = 0; i < slots.length; i++) {
            while (inner < firstListed
                    && (int) ((heads[inner] & heads[inner] - 1) >>> -width) == i) {
                copyTo(list, inner, tail(inner));
                inner++;
            }
            int end = end(slots[i]);
            if (!hasChild(slots[i])) {
                for (int j = end - length(slots[i]); j < end; j++) {
                    copyTo(list, j, tail(j));
                }
            } else if (children[end].size <= few) {
                children[end].copyTo(list, few);
            } else {
                list.add(children[end].high, children[end].low, children[end]);
            }
        }
    }

    private void copyTo(PrefixList<T> list, int index, long tail) {
        long head = heads[index];
        int length =
                position
                        + (tail == 0
                                ? 63 - Long.numberOfTrailingZeros(head)
                                : 127 - Long.numberOfTrailingZeros(tail));
        long bits = tail == 0 ? head & head - 1 : head;
        long tailBits = tail & tail - 1;
        if (position >= 64) {
            list.add(high, low | bits >>> position, length, owners[index]);
        } else {
            // In two steps, since a shift by 64 is none.
            long carried = bits << 1 << ~position;
            list.add(
                    high | bits >>> position,
                    carried | tailBits >>> position,
                    length,
                    owners[index]);
        }
    }

    private long tail(int index) {
        return tails == null ? 0 : tails[index];
    }

    private int slotIndex(long keyHigh, long keyLow) {
        return (int) (head(keyHigh, keyLow, position) >>> -width);
    }

    private static boolean hasChild(int slot) {
        return length(slot) == CHILD;
    }

    /** A slot's longest inner prefix, 0 for none. */
    static int inner(int slot) {
        return slot & INNER_MASK;
    }

    private static int length(int slot) {
        return slot >>> INNER_BITS & LENGTH_MASK;
    }

    private static int end(int slot) {
        return slot >>> INNER_BITS + LENGTH_BITS;
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
}
