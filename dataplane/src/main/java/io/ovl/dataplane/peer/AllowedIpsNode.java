package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * Node of a routing trie for longest prefix match: a level-compressed trie (Nilsson and Karlsson, "IP-Address Lookup
 * Using LC-Tries", 1999) whose leaves are short lists of prefixes.
 *
 * <p>A key is 128 bits, left-aligned in {@code high} and {@code low}. A node stands for all keys that share its first
 * {@code position} bits. The {@code width} bits that follow choose one of its slots, which leads to a child or to a
 * list of the longer prefixes that start like this ({@link AllowedIpsSlot}). {@link AllowedIpsLayout} says how wide a
 * node is.
 *
 * <pre>
 *  heads, tails: 4 unused | inner prefixes of slot 0, its list | inner prefixes of slot 1, its list | ...
 *  owners:       4 nulls  | owner of each prefix
 * </pre>
 *
 * <p>A prefix is stored as its bits behind {@code position}, a one and zeros: 64 bits of head and, if it is long, 64 of
 * tail. A node without long ones has no tails. Inner prefixes, of at most {@code position + width} bits, are pushed to
 * the slots: each names the longest one that its keys match. Prefixes are in order of their bits, a prefix before its
 * extensions, so that of those that a key matches the last is the longest.
 *
 * <p>What a lookup costs is the cache lines that it touches first, and whether the processor can begin the next one
 * meanwhile. Hence few levels, arrays in which a prefix takes 12 bytes and a slot 4, and no branch that depends on
 * which prefix of a list matches.
 *
 * <p>Thread: any; immutable. A change copies the nodes on the path from the root, everything else is shared.
 */
final class AllowedIpsNode<T> {
    /**
     * Index of the first prefix. Before it is what {@link #match} may read in front of a short list and take for a
     * match.
     */
    static final int FIRST = 4;

    final int position;
    final int width;

    /** Number of prefixes that the node was laid out for. */
    final int plannedSize;

    /** Number of prefixes in the node and below it. */
    final int size;

    final int[] slots;
    final long[] heads;
    final long @Nullable [] tails;
    final T[] owners;
    final AllowedIpsNode<T>[] children;

    private final long high;
    private final long low;

    AllowedIpsNode(
            long high,
            long low,
            int position,
            int width,
            int plannedSize,
            int size,
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
        this.slots = slots;
        this.heads = heads;
        this.tails = tails;
        this.owners = owners;
        this.children = children;
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
            long head = PrefixBits.head(high, low, node.position);
            int slot = node.slots[(int) (head >>> -node.width)];
            boolean hasChild = AllowedIpsSlot.hasChild(slot);
            int index = hasChild ? AllowedIpsSlot.inner(slot) : node.match(slot, head, high, low);
            if (index >= FIRST) {
                best = node;
                bestIndex = index;
            }
            if (!hasChild) {
                break;
            }
            node = node.children[AllowedIpsSlot.end(slot)];
        }
        return best.owners[bestIndex];
    }

    /** Index of the longest prefix of a slot without a child that matches; less than {@link #FIRST} when none does. */
    private int match(int slot, long head, long keyHigh, long keyLow) {
        if (tails != null) {
            return matchLong(tails, slot, head, PrefixBits.tail(keyHigh, keyLow, position));
        }
        // Always four, as a branch on the length would often be mispredicted. In front of a short
        // list are other slots' prefixes, which do not match, inner ones, of which the one that the
        // slot names is the longest that does, or unused ones.
        int end = AllowedIpsSlot.end(slot);
        int matches =
                PrefixBits.matches(heads[end - 1], head)
                        | PrefixBits.matches(heads[end - 2], head) << 1
                        | PrefixBits.matches(heads[end - 3], head) << 2
                        | PrefixBits.matches(heads[end - 4], head) << 3;
        int last = Integer.numberOfTrailingZeros(matches);
        int index = Math.max(AllowedIpsSlot.inner(slot), end - 1 - last & (last - 4 >> 31));
        for (int i = end - AllowedIpsSlot.length(slot); i < end - 4; i++) {
            index = Math.max(index, i * PrefixBits.matches(heads[i], head));
        }
        return index;
    }

    private int matchLong(long[] tails, int slot, long head, long tail) {
        int end = AllowedIpsSlot.end(slot);
        int index = AllowedIpsSlot.inner(slot);
        for (int i = end - AllowedIpsSlot.length(slot); i < end; i++) {
            int matches =
                    tails[i] == 0
                            ? PrefixBits.matches(heads[i], head)
                            : heads[i] == head ? PrefixBits.matches(tails[i], tail) : 0;
            index = Math.max(index, i * matches);
        }
        return index;
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
        int index = insertionIndex(keyHigh, keyLow, length);
        return index < heads.length
                        && heads[index] == PrefixBits.markedHead(keyHigh, keyLow, length, position)
                        && tail(index) == PrefixBits.markedTail(keyHigh, keyLow, length, position)
                ? index
                : -1;
    }

    /** Index of the prefix, or of the first that comes after it. */
    int insertionIndex(long keyHigh, long keyLow, int length) {
        long head = PrefixBits.head(keyHigh, keyLow, position);
        long tail = PrefixBits.tail(keyHigh, keyLow, position);
        int from = FIRST;
        int to = heads.length;
        while (from < to) {
            int middle = from + to >>> 1;
            long middleTail = PrefixBits.unmarked(tail(middle));
            if (PrefixBits.compare(headBits(middle), middleTail, length(middle), head, tail, length)
                    < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Whether the prefix belongs to this node or one below it. */
    boolean covers(long keyHigh, long keyLow, int length) {
        return length >= position && covers(keyHigh, keyLow);
    }

    private boolean covers(long keyHigh, long keyLow) {
        return commonLength(keyHigh, keyLow) >= position;
    }

    /**
     * Number of first bits that the key and this node have in common; at least {@code position} when it covers the key.
     */
    int commonLength(long keyHigh, long keyLow) {
        return PrefixBits.commonLength(high, low, keyHigh, keyLow);
    }

    /** The child to which a prefix that this node covers belongs, null when the node has it. */
    @Nullable AllowedIpsNode<T> child(long keyHigh, long keyLow, int length) {
        int slot = slots[slotIndex(keyHigh, keyLow)];
        return AllowedIpsSlot.hasChild(slot) && length > position + width
                ? children[AllowedIpsSlot.end(slot)]
                : null;
    }

    /** This node with another child instead of the one that covers the key. */
    AllowedIpsNode<T> withChild(long keyHigh, long keyLow, AllowedIpsNode<T> child) {
        int index = AllowedIpsSlot.end(slots[slotIndex(keyHigh, keyLow)]);
        int changedSize = size - children[index].size + child.size;
        AllowedIpsNode<T>[] changed = children.clone();
        changed[index] = child;
        return with(changedSize, slots, heads, tails, owners, changed);
    }

    /** This node with another owner of the prefix at {@code index}. */
    AllowedIpsNode<T> withOwner(int index, T owner) {
        T[] changed = owners.clone();
        changed[index] = owner;
        return with(size, slots, heads, tails, changed, children);
    }

    AllowedIpsNode<T> with(
            int changedSize,
            int[] changedSlots,
            long[] changedHeads,
            long @Nullable [] changedTails,
            T[] changedOwners,
            AllowedIpsNode<T>[] changedChildren) {
        return new AllowedIpsNode<>(
                high,
                low,
                position,
                width,
                plannedSize,
                changedSize,
                changedSlots,
                changedHeads,
                changedTails,
                changedOwners,
                changedChildren);
    }

    /** The only child of a node that has nothing else, otherwise the node. */
    AllowedIpsNode<T> compressed() {
        return children.length == 1 && heads.length == FIRST ? children[0] : this;
    }

    /** What {@link #copyTo} may add at the most. */
    int contentSize(int few) {
        return Math.min(size, owners.length - FIRST + Math.max(1, few) * children.length);
    }

    /** Adds to the list, in order, this node's prefixes and children; instead of a child with few prefixes, these. */
    void copyTo(PrefixList<T> list, int few) {
        int next = FIRST;
        for (int i = 0; i < slots.length; i++) {
            while (next < heads.length && headBits(next) >>> -width == i) {
                addTo(list, next++);
            }
            if (AllowedIpsSlot.hasChild(slots[i])) {
                AllowedIpsNode<T> child = children[AllowedIpsSlot.end(slots[i])];
                if (child.size <= few) {
                    child.copyTo(list, few);
                } else {
                    child.addTo(list);
                }
            }
        }
    }

    /** Adds this node itself to the list, at the end, where it belongs. */
    void addTo(PrefixList<T> list) {
        list.add(high, low, this);
    }

    private void addTo(PrefixList<T> list, int index) {
        long head = headBits(index);
        long tail = PrefixBits.unmarked(tail(index));
        if (position >= 64) {
            list.add(high, low | head >>> position, length(index), owners[index]);
        } else {
            // In two steps, since a shift by 64 is none.
            long carried = head << 1 << ~position;
            list.add(
                    high | head >>> position,
                    carried | tail >>> position,
                    length(index),
                    owners[index]);
        }
    }

    /** The head of a stored prefix without its mark. */
    long headBits(int index) {
        return tail(index) == 0 ? PrefixBits.unmarked(heads[index]) : heads[index];
    }

    /** Length of a stored prefix, all of its bits counted. */
    int length(int index) {
        return position + PrefixBits.length(heads[index], tail(index));
    }

    long tail(int index) {
        return tails == null ? 0 : tails[index];
    }

    int slotIndex(long keyHigh, long keyLow) {
        return (int) (PrefixBits.head(keyHigh, keyLow, position) >>> -width);
    }
}
