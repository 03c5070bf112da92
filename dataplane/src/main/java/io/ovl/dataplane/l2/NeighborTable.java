package io.ovl.dataplane.l2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Which MAC address an IP address has, by VNI and VLAN id, as seen in ARP and neighbour discovery.
 *
 * <p>Sets of {@link #WAYS} places: a full set loses the entry that was seen least recently, so that the table is
 * bounded without a limit to enforce. What stands with the MAC address in a <i>link</i>: whether the address itself
 * said so, and whether it is a router.
 *
 * <p>Layout: a place is six words. Its version is odd while the conductor writes; a reader that sees it change looks
 * again.
 *
 * <pre>
 *  word 0         1         2        3                  4      5
 *      +---------+---------+--------+------------------+------+--------+
 *      | version | ip high | ip low | VNI, VLAN, family| link | seenNs |
 *      +---------+---------+--------+------------------+------+--------+
 * </pre>
 *
 * <p>Thread: {@link #link} and {@link #isKnown} from any thread; everything else from the conductor.
 */
public final class NeighborTable {
    public static final int DEFAULT_CAPACITY = 8192;

    /** {@link #link}: not known. */
    public static final long UNKNOWN = -1;

    /** The owner of the address said so in a message of its own: for IPv6, whether it is a router is known. */
    public static final long CONFIRMED = 1L << 48;

    /** The neighbour routes (RFC 4861 §4.4). An answer that denies it would cost hosts their default route. */
    public static final long ROUTER = 1L << 49;

    static final int WAYS = 8;

    private static final long MAC_MASK = EthernetFlyweight.BROADCAST;
    private static final long REFRESH_INTERVAL_NS = 1_000_000_000L;

    private static final int STRIDE = 6;
    private static final int IP_HIGH = 1;
    private static final int IP_LOW = 2;
    private static final int SCOPE = 3;
    private static final int LINK = 4;
    private static final int SEEN = 5;
    private static final int NO_PLACE = -1;

    /** Never the scope of an entry. */
    private static final long FREE = 0;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words;
    private final int setMask;
    private final long seed;
    private final long ageingNs;
    private int sweepPlace;
    private int count;

    /**
     * @param capacity a power of two
     * @param seed random, unknown outside
     */
    public NeighborTable(int capacity, long ageingNs, long seed) {
        if (Integer.bitCount(capacity) != 1 || capacity < WAYS || capacity > 1 << 24) {
            throw new IllegalArgumentException("capacity is a power of two, not " + capacity);
        }
        words = new long[capacity * STRIDE];
        setMask = capacity / WAYS - 1;
        this.seed = seed;
        this.ageingNs = ageingNs;
    }

    /** Where the address answers: MAC address and flags, or {@link #UNKNOWN}. Any thread. */
    public long link(int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow) {
        long scope = scope(vni, vlan, isIpv6);
        int start = set(scope, ipHigh, ipLow);
        for (int place = start; place < start + WAYS * STRIDE; place += STRIDE) {
            long version = (long) LONGS.getAcquire(words, place);
            if (isAt(place, scope, ipHigh, ipLow)) {
                long link = (long) LONGS.getAcquire(words, place + LINK);
                // An entry under change is none: the request is passed on.
                if ((version & 1) == 0 && (long) LONGS.getAcquire(words, place) == version) {
                    return link;
                }
            }
        }
        return UNKNOWN;
    }

    /** The MAC address of a link. */
    public static long mac(long link) {
        return link & MAC_MASK;
    }

    /**
     * Whether the table has it like that, which is noted at most once a second; when not, {@link #learn} is to know.
     * Any thread.
     */
    public boolean isKnown(
            int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow, long link, long nowNs) {
        long known = link(vni, vlan, isIpv6, ipHigh, ipLow);
        boolean isSame =
                known != UNKNOWN && ((link & CONFIRMED) != 0 ? known == link : mac(known) == link);
        if (isSame) {
            refresh(find(scope(vni, vlan, isIpv6), ipHigh, ipLow), nowNs);
        }
        return isSame;
    }

    private void refresh(int place, long nowNs) {
        if (place != NO_PLACE
                && nowNs - (long) LONGS.getOpaque(words, place + SEEN) >= REFRESH_INTERVAL_NS) {
            LONGS.setOpaque(words, place + SEEN, nowNs);
        }
    }

    /** Enters what a worker saw at {@code seenNs}. */
    public void learn(
            int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow, long link, long seenNs) {
        long scope = scope(vni, vlan, isIpv6);
        int place = find(scope, ipHigh, ipLow);
        if (place == NO_PLACE) {
            place = placeFor(scope, ipHigh, ipLow);
            count += words[place + SCOPE] == FREE ? 1 : 0;
        } else if ((link & CONFIRMED) == 0 && mac(words[place + LINK]) == link) {
            words[place + SEEN] = seenNs;
            return;
        }
        write(place, scope, ipHigh, ipLow, link, seenNs);
    }

    /** Removes what is too old, a slice of the table at a time; returns how many went. */
    public int sweep(int places, long nowNs) {
        int aged = 0;
        for (int i = 0; i < places; i++) {
            int place = sweepPlace;
            sweepPlace = place + STRIDE < words.length ? place + STRIDE : 0;
            if (words[place + SCOPE] != FREE && nowNs - words[place + SEEN] >= ageingNs) {
                remove(place);
                aged++;
            }
        }
        return aged;
    }

    /** Removes a segment's entries, with a negative VNI all; returns how many. */
    public int flush(int vni) {
        int flushed = 0;
        for (int place = 0; place < words.length; place += STRIDE) {
            long scope = words[place + SCOPE];
            if (scope != FREE && (vni < 0 || vni(scope) == vni)) {
                remove(place);
                flushed++;
            }
        }
        return flushed;
    }

    /** Shows every entry. */
    public void forEach(NeighborVisitor visitor, long nowNs) {
        for (int place = 0; place < words.length; place += STRIDE) {
            long scope = words[place + SCOPE];
            if (scope != FREE) {
                long link = words[place + LINK];
                visitor.onNeighbor(
                        vni(scope),
                        (int) (scope >> 2) & 0xfff,
                        (scope & 2) != 0,
                        words[place + IP_HIGH],
                        words[place + IP_LOW],
                        mac(link),
                        (link & ROUTER) != 0,
                        Math.max(0, nowNs - words[place + SEEN]));
            }
        }
    }

    public int count() {
        return count;
    }

    private int find(long scope, long ipHigh, long ipLow) {
        int start = set(scope, ipHigh, ipLow);
        for (int place = start; place < start + WAYS * STRIDE; place += STRIDE) {
            if (isAt(place, scope, ipHigh, ipLow)) {
                return place;
            }
        }
        return NO_PLACE;
    }

    private boolean isAt(int place, long scope, long ipHigh, long ipLow) {
        return (long) LONGS.getAcquire(words, place + IP_LOW) == ipLow
                && (long) LONGS.getAcquire(words, place + IP_HIGH) == ipHigh
                && (long) LONGS.getAcquire(words, place + SCOPE) == scope;
    }

    private int placeFor(long scope, long ipHigh, long ipLow) {
        int start = set(scope, ipHigh, ipLow);
        int oldest = start;
        for (int place = start; place < start + WAYS * STRIDE; place += STRIDE) {
            if (words[place + SCOPE] == FREE) {
                return place;
            }
            if (words[place + SEEN] < words[oldest + SEEN]) {
                oldest = place;
            }
        }
        return oldest;
    }

    private void remove(int place) {
        write(place, FREE, 0, 0, 0, 0);
        count--;
    }

    private void write(int place, long scope, long ipHigh, long ipLow, long link, long seenNs) {
        long version = words[place];
        LONGS.setRelease(words, place, version + 1);
        LONGS.setRelease(words, place + IP_HIGH, ipHigh);
        LONGS.setRelease(words, place + IP_LOW, ipLow);
        LONGS.setRelease(words, place + SCOPE, scope);
        LONGS.setRelease(words, place + LINK, link);
        LONGS.setRelease(words, place + SEEN, seenNs);
        LONGS.setRelease(words, place, version + 2);
    }

    private int set(long scope, long ipHigh, long ipLow) {
        long a = ipLow ^ seed;
        long b = (ipHigh ^ scope * 0x9e37_79b9_7f4a_7c15L ^ Long.rotateLeft(seed, 32)) | 1;
        long mixed = Math.multiplyHigh(a, b) ^ a * b;
        return ((int) (mixed ^ mixed >>> 32) & setMask) * WAYS * STRIDE;
    }

    private static long scope(int vni, int vlan, boolean isIpv6) {
        return (long) vni << 14 | (long) vlan << 2 | (isIpv6 ? 2 : 0) | 1;
    }

    private static int vni(long scope) {
        return (int) (scope >> 14);
    }
}
