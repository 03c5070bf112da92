package io.ovl.dataplane.peer;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Cryptokey routing table: which owner, a peer, each IPv4 and IPv6 address belongs to (WireGuard whitepaper §2).
 *
 * <p>A prefix has one owner; giving it to another one moves it. Prefixes are masked, and of several that hold an
 * address the longest wins. An owner's prefixes are listed in the order in which they were last given to it.
 *
 * <p>Thread: lookups by any thread, without locks and without allocation; they see what was last published. Changes by
 * one writer: they gather unseen until {@link #publish} shows them all at once. A packet is looked up in one family, so
 * that it never sees half a change.
 *
 * @param <T> what owns a prefix
 */
public final class AllowedIps<T> {
    private volatile @Nullable AllowedIpsNode<T> ipv4;
    private volatile @Nullable AllowedIpsNode<T> ipv6;

    private final AllowedIpsTrie<T> nextIpv4 = new AllowedIpsTrie<>();
    private final AllowedIpsTrie<T> nextIpv6 = new AllowedIpsTrie<>();
    private final HashMap<T, LinkedHashSet<IpPrefix>> prefixes = new HashMap<>();

    /** Owner of an IPv4 address. */
    public @Nullable T lookupIpv4(int address) {
        return AllowedIpsNode.lookup(ipv4, ipv4Key(address), 0);
    }

    /** Owner of an IPv6 address. */
    public @Nullable T lookupIpv6(long high, long low) {
        return AllowedIpsNode.lookup(ipv6, high, low);
    }

    /** Owner of an address. */
    public @Nullable T lookup(IpAddress address) {
        return address.isIpv6()
                ? lookupIpv6(address.high(), address.low())
                : lookupIpv4((int) address.low());
    }

    /** Owner of the destination of the well-formed IP packet at {@code offset}. */
    public @Nullable T lookupDestination(UnsafeBuffer buffer, int offset) {
        return IpFlyweight.version(buffer, offset) == 4
                ? lookupIpv4(Ipv4Flyweight.destination(buffer, offset))
                : lookupIpv6(
                        Ipv6Flyweight.destinationHigh(buffer, offset),
                        Ipv6Flyweight.destinationLow(buffer, offset));
    }

    /** Owner of the source of the well-formed IP packet at {@code offset}. */
    public @Nullable T lookupSource(UnsafeBuffer buffer, int offset) {
        return IpFlyweight.version(buffer, offset) == 4
                ? lookupIpv4(Ipv4Flyweight.source(buffer, offset))
                : lookupIpv6(
                        Ipv6Flyweight.sourceHigh(buffer, offset),
                        Ipv6Flyweight.sourceLow(buffer, offset));
    }

    /**
     * Gives the prefix to {@code owner}, last in its list even if it had it before, as other WireGuards do. Writer
     * only.
     *
     * @return who had it before, which may be {@code owner}; null when nobody did
     */
    public @Nullable T put(IpPrefix prefix, T owner) {
        IpPrefix masked = prefix.masked();
        T previous = owner(masked);
        if (!owner.equals(previous)) {
            if (previous != null) {
                forget(masked, previous);
            }
            IpAddress address = masked.address();
            trie(address).put(high(address), low(address), masked.length(), owner);
        }
        prefixes.computeIfAbsent(owner, key -> new LinkedHashSet<>()).addLast(masked);
        return previous;
    }

    /** Takes the prefix away from {@code owner}; false, and nothing changes, when it is not its. Writer only. */
    public boolean remove(IpPrefix prefix, T owner) {
        IpPrefix masked = prefix.masked();
        if (!owner.equals(owner(masked))) {
            return false;
        }
        forget(masked, owner);
        unroute(masked);
        return true;
    }

    /** Takes all prefixes away from {@code owner}. Writer only. */
    public void removeAll(T owner) {
        LinkedHashSet<IpPrefix> owned = prefixes.remove(owner);
        if (owned != null) {
            owned.forEach(this::unroute);
        }
    }

    /** Shows all changes since the last call to the readers. Writer only. */
    public void publish() {
        ipv4 = nextIpv4.root();
        ipv6 = nextIpv6.root();
    }

    /** The owner of exactly this prefix, unpublished changes included. Writer only. */
    public @Nullable T owner(IpPrefix prefix) {
        IpPrefix masked = prefix.masked();
        IpAddress address = masked.address();
        return trie(address).owner(high(address), low(address), masked.length());
    }

    /** A copy of the owner's prefixes, masked, unpublished changes included. Writer only. */
    public List<IpPrefix> prefixesOf(T owner) {
        LinkedHashSet<IpPrefix> owned = prefixes.get(owner);
        return owned == null ? List.of() : new ArrayList<>(owned);
    }

    private void forget(IpPrefix masked, T owner) {
        LinkedHashSet<IpPrefix> owned = prefixes.get(owner);
        if (owned != null && owned.remove(masked) && owned.isEmpty()) {
            prefixes.remove(owner);
        }
    }

    private void unroute(IpPrefix masked) {
        IpAddress address = masked.address();
        trie(address).remove(high(address), low(address), masked.length());
    }

    private AllowedIpsTrie<T> trie(IpAddress address) {
        return address.isIpv6() ? nextIpv6 : nextIpv4;
    }

    private static long high(IpAddress address) {
        return address.isIpv6() ? address.high() : ipv4Key((int) address.low());
    }

    private static long low(IpAddress address) {
        return address.isIpv6() ? address.low() : 0;
    }

    private static long ipv4Key(int address) {
        return (address & 0xffff_ffffL) << 32;
    }
}
