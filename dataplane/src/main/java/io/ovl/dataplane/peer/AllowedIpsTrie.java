package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

/**
 * The writer's side of a routing trie: changes make new nodes, of which readers get the {@link #root} when it is
 * published.
 *
 * <p>A change copies the nodes from the root to the one that has the prefix, two or three, with one prefix more or less
 * in the last. It is laid out anew when a list has become too long or a child nearly empty. A node that has grown by a
 * quarter or shrunk by half is laid out with all that is below it; by then there were changes enough to pay for that.
 *
 * <p>Thread: the writer of the table. Prefixes are 128 bits and a length, the bits behind it zero.
 */
final class AllowedIpsTrie<T> {
    /** A child with as few prefixes is dissolved into its parent when one of them goes. */
    private static final int FEW = 4;

    /**
     * A node with more prefixes is not laid out anew for one that it does not cover: one level more is the lesser evil.
     */
    private static final int MANY = 64;

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
        root =
                root == null
                        ? single(high, low, length, owner)
                        : with(root, high, low, length, owner);
    }

    /** Removes the prefix, which is there. */
    void remove(long high, long low, int length) {
        root = root == null || root.size == 1 ? null : without(root, high, low, length);
    }

    private static <T> AllowedIpsNode<T> single(long high, long low, int length, T owner) {
        PrefixList<T> prefixes = new PrefixList<>(1);
        prefixes.add(high, low, length, owner);
        return AllowedIpsLayout.trie(prefixes);
    }

    private static <T> AllowedIpsNode<T> with(
            AllowedIpsNode<T> node, long high, long low, int length, T owner) {
        if (!node.covers(high, low, length)) {
            return around(node, high, low, length, owner);
        }
        AllowedIpsNode<T> child = node.child(high, low, length);
        if (child != null) {
            return fitting(node.withChild(high, low, with(child, high, low, length, owner)));
        }
        int index = node.indexOf(high, low, length);
        if (index >= 0) {
            return node.withOwner(index, owner);
        }
        AllowedIpsNode<T> changed = AllowedIpsSplice.with(node, high, low, length, owner);
        if (changed == null) {
            PrefixList<T> content = new PrefixList<>(node.contentSize(0) + 1);
            node.copyTo(content, 0);
            content.insert(high, low, length, owner);
            changed = AllowedIpsLayout.changed(node, content);
        }
        return fitting(changed);
    }

    /** A node for a prefix and a node that does not cover it. */
    private static <T> AllowedIpsNode<T> around(
            AllowedIpsNode<T> node, long high, long low, int length, T owner) {
        // A child's prefixes are longer than what its slot stands for, here one bit.
        int slotEnd = Math.min(length, node.commonLength(high, low)) + 1;
        boolean isWhole = node.size > MANY && node.width > 1 && node.position > slotEnd;
        PrefixList<T> content = new PrefixList<>(isWhole ? 2 : node.size + 1);
        if (isWhole) {
            node.addTo(content);
        } else {
            node.copyTo(content, Integer.MAX_VALUE);
        }
        content.insert(high, low, length, owner);
        return AllowedIpsLayout.trie(content);
    }

    private static <T> AllowedIpsNode<T> without(
            AllowedIpsNode<T> node, long high, long low, int length) {
        AllowedIpsNode<T> child = node.child(high, low, length);
        if (child == null) {
            int index = node.indexOf(high, low, length);
            return fitting(AllowedIpsSplice.without(node, index).compressed());
        }
        if (child.size > FEW) {
            return fitting(node.withChild(high, low, without(child, high, low, length)));
        }
        PrefixList<T> content = new PrefixList<>(node.contentSize(FEW));
        node.copyTo(content, FEW);
        content.remove(high, low, length);
        return fitting(AllowedIpsLayout.changed(node, content).compressed());
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
