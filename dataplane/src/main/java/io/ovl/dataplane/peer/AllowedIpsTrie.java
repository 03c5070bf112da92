package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * The writer's side of a routing trie: changes make new nodes, of which readers get the {@link #root} when it is published.
 *
 * <p>A change lays out one node anew, in a time that does not depend on the number of prefixes. A node that has grown by a quarter or
 * shrunk by half is laid out with all that is below it; by then there were changes enough to pay for that.
 *
 * <p>Thread: the writer of the table. Prefixes are 128 bits and a length, the bits behind it zero.
 */
final class AllowedIpsTrie<T> {
    /** A child with as few prefixes is dissolved into its parent when one of them goes. */
    private static final int FEW = 4;

    private @Nullable AllowedIpsNode<T> root;

    @Nullable AllowedIpsNode<T> root() {
        return root;
    }

    /** Owner of exactly this prefix. */
    @Nullable T owner(long high, long low, int length) {
        return AllowedIpsNode.exact(root, high, low, length);
    }

    /** Adds the prefix, or gives it to another owner. */
    void put(long high, long low, int length, T owner) {
        root = with(root, high, low, length, owner);
    }

    /** Removes the prefix, which is there. */
    void remove(long high, long low, int length) {
        root = root == null ? null : without(root, high, low, length);
    }

    private static <T> AllowedIpsNode<T> with(
            @Nullable AllowedIpsNode<T> node, long high, long low, int length, T owner) {
        if (node == null || !node.covers(high, low, length)) {
            PrefixList<T> prefixes = new PrefixList<>(node == null ? 1 : node.size + 1);
            if (node != null) {
                node.copyTo(prefixes, Integer.MAX_VALUE);
            }
            prefixes.insert(high, low, length, owner);
            return AllowedIpsLayout.trie(prefixes);
        }
        AllowedIpsNode<T> child = node.child(high, low, length);
        if (child != null) {
            return fitting(node.withChild(high, low, with(child, high, low, length, owner)));
        }
        int index = node.indexOf(high, low, length);
        if (index >= 0) {
            return node.withOwner(index, owner);
        }
        PrefixList<T> content = new PrefixList<>(node.contentSize(0) + 1);
        node.copyTo(content, 0);
        content.insert(high, low, length, owner);
        return fitting(AllowedIpsLayout.changed(node, content));
    }

    private static <T> @Nullable AllowedIpsNode<T> without(
            AllowedIpsNode<T> node, long high, long low, int length) {
        AllowedIpsNode<T> child = node.child(high, low, length);
        if (child != null && child.size > FEW) {
            AllowedIpsNode<T> changed = without(child, high, low, length);
            return changed == null ? null : fitting(node.withChild(high, low, changed));
        }
        PrefixList<T> content = new PrefixList<>(node.contentSize(FEW));
        node.copyTo(content, FEW);
        content.remove(high, low, length);
        return content.size() == 0 ? null : fitting(AllowedIpsLayout.changed(node, content));
    }

    private static <T> AllowedIpsNode<T> fitting(AllowedIpsNode<T> node) {
        if (!AllowedIpsLayout.isOutgrown(node)) {
            return node;
        }
        PrefixList<T> prefixes = new PrefixList<>(node.size);
        node.copyTo(prefixes, Integer.MAX_VALUE);
        return AllowedIpsLayout.trie(prefixes);
    }
}
