package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * One prefix more or less in a node of a routing trie: its arrays are copied with or without a gap, and what the slots
 * refer to behind it moves by one, which is much cheaper than to lay the node out.
 *
 * <p>Thread: the writer of the table.
 */
final class AllowedIpsSplice {
    private AllowedIpsSplice() {}

    /** The node with one more prefix, which it covers and no child of it; null when there is no room for it. */
    static <T> @Nullable AllowedIpsNode<T> with(
            AllowedIpsNode<T> node, long high, long low, int length, T owner) {
        int position = node.position;
        int slot = node.slotIndex(high, low);
        boolean isInner = length <= position + node.width;
        if (!PrefixBits.isStorable(length, position)
                || !isInner
                        && AllowedIpsSlot.length(node.slots[slot])
                                == AllowedIpsSlot.MAX_LIST_LENGTH) {
            return null;
        }
        int index = node.insertionIndex(high, low, length);
        int[] changedSlots = node.slots.clone();
        shift(changedSlots, slot, index, 1);
        if (isInner) {
            int to = slot + (1 << position + node.width - length);
            for (int i = slot; i < to; i++) {
                changedSlots[i] += Math.max(0, index - AllowedIpsSlot.inner(changedSlots[i]));
            }
        } else {
            changedSlots[slot] += AllowedIpsSlot.LISTED;
        }
        long[] changedHeads = widened(node.heads, index);
        changedHeads[index] = PrefixBits.markedHead(high, low, length, position);
        long tail = PrefixBits.markedTail(high, low, length, position);
        long[] changedTails = null;
        if (node.tails != null || tail != 0) {
            changedTails =
                    node.tails == null ? new long[changedHeads.length] : widened(node.tails, index);
            changedTails[index] = tail;
        }
        T[] changedOwners = Arrays.copyOf(node.owners, node.owners.length + 1);
        System.arraycopy(node.owners, index, changedOwners, index + 1, node.owners.length - index);
        changedOwners[index] = owner;
        return node.with(
                node.size + 1,
                changedSlots,
                changedHeads,
                changedTails,
                changedOwners,
                node.children);
    }

    /** The node without the prefix at {@code index}. */
    static <T> AllowedIpsNode<T> without(AllowedIpsNode<T> node, int index) {
        int slot = (int) (node.headBits(index) >>> -node.width);
        int length = node.length(index);
        int[] changedSlots = node.slots.clone();
        if (length <= node.position + node.width) {
            int enclosing = enclosing(node, index);
            int to = slot + (1 << node.position + node.width - length);
            for (int i = slot; i < to; i++) {
                if (AllowedIpsSlot.inner(changedSlots[i]) == index) {
                    changedSlots[i] += enclosing - index;
                }
            }
        } else {
            changedSlots[slot] -= AllowedIpsSlot.LISTED;
        }
        shift(changedSlots, slot, index, -1);
        T[] changedOwners = Arrays.copyOf(node.owners, node.owners.length - 1);
        System.arraycopy(
                node.owners, index + 1, changedOwners, index, changedOwners.length - index);
        return node.with(
                node.size - 1,
                changedSlots,
                narrowed(node.heads, index),
                node.tails == null ? null : narrowed(node.tails, index),
                changedOwners,
                node.children);
    }

    /** The longest prefix that encloses the one at {@code index}, an inner one; 0 when none does. */
    private static int enclosing(AllowedIpsNode<?> node, int index) {
        int i = index - 1;
        while (i >= AllowedIpsNode.FIRST
                && (node.tail(i) != 0
                        || PrefixBits.matches(node.heads[i], node.headBits(index)) == 0)) {
            i--;
        }
        return i < AllowedIpsNode.FIRST ? 0 : i;
    }

    /** Moves by one place what slots refer to from {@code index}, which is in {@code slot}. */
    private static void shift(int[] slots, int slot, int index, int by) {
        for (int i = 0; i < slots.length; i++) {
            int old = slots[i];
            int inner = AllowedIpsSlot.inner(old) >= index ? by : 0;
            int end = i >= slot && !AllowedIpsSlot.hasChild(old) ? by * AllowedIpsSlot.END : 0;
            slots[i] = old + inner + end;
        }
    }

    private static long[] widened(long[] elements, int index) {
        long[] wider = Arrays.copyOf(elements, elements.length + 1);
        System.arraycopy(elements, index, wider, index + 1, elements.length - index);
        return wider;
    }

    private static long[] narrowed(long[] elements, int index) {
        long[] narrower = Arrays.copyOf(elements, elements.length - 1);
        System.arraycopy(elements, index + 1, narrower, index, narrower.length - index);
        return narrower;
    }
}
