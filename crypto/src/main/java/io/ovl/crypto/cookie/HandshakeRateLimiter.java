package io.ovl.crypto.cookie;

import io.ovl.crypto.key.RandomSource;

/**
 * A token bucket for each source of handshakes under load: 20 a second, 5 at once, counted per IPv4 address or IPv6
 * /64.
 *
 * <p>The table is bounded: sources that find it full are refused. A bucket is full again after a quarter of a second of
 * silence, so those idle for a second are forgotten. The hash is seeded, or sources could be chosen that fall on one
 * slot.
 *
 * <p>Thread: one owner. Units: {@code nowNs} is boot time. Nothing is allocated after construction.
 */
public final class HandshakeRateLimiter {
    public static final int PACKETS_PER_SECOND = 20;
    public static final int BURST = 5;

    /** How many sources are told apart at most. */
    public static final int MAX_ENTRIES = 8192;

    private static final long PACKET_COST_NS = 1_000_000_000L / PACKETS_PER_SECOND;
    private static final long MAX_TOKENS_NS = BURST * PACKET_COST_NS;
    private static final long SWEEP_INTERVAL_NS = 1_000_000_000L;
    private static final int SLOTS = 2 * MAX_ENTRIES;

    private static final byte FREE = 0;
    private static final byte IPV4 = 4;
    private static final byte IPV6 = 6;

    private final long seed;
    private Buckets buckets = new Buckets();
    private Buckets spare = new Buckets();
    private int entries;
    private long lastSweepNs;

    public HandshakeRateLimiter(RandomSource random) {
        seed = (long) random.nextInt() << 32 | random.nextInt() & 0xffff_ffffL;
    }

    /** Takes a token of the source's bucket; false when it has none, or when the table is full of others. */
    public boolean allow(boolean isIpv6, long high, long low, long nowNs) {
        if (entries == 0) {
            lastSweepNs = nowNs;
        } else if (nowNs - lastSweepNs >= SWEEP_INTERVAL_NS) {
            sweep(nowNs);
        }
        byte family = isIpv6 ? IPV6 : IPV4;
        long prefix = isIpv6 ? high : low;
        int slot = buckets.slotOf(seed, family, prefix);
        if (buckets.families[slot] == FREE) {
            if (entries == MAX_ENTRIES) {
                return false;
            }
            buckets.put(slot, family, prefix, MAX_TOKENS_NS - PACKET_COST_NS, nowNs);
            entries++;
            return true;
        }
        return buckets.take(slot, nowNs);
    }

    /** How many sources are remembered. */
    public int entries() {
        return entries;
    }

    /** Copies what is not idle to the other table: removing from the middle of a probe sequence would cut it. */
    private void sweep(long nowNs) {
        entries = 0;
        for (int from = 0; from < SLOTS; from++) {
            byte family = buckets.families[from];
            if (family != FREE && nowNs - buckets.lastNs[from] < SWEEP_INTERVAL_NS) {
                long prefix = buckets.prefixes[from];
                int to = spare.slotOf(seed, family, prefix);
                spare.put(to, family, prefix, buckets.tokensNs[from], buckets.lastNs[from]);
                entries++;
            }
            buckets.families[from] = FREE;
        }
        Buckets emptied = buckets;
        buckets = spare;
        spare = emptied;
        lastSweepNs = nowNs;
    }

    /** An open-addressed table, at most half full. */
    private static final class Buckets {
        private final byte[] families = new byte[SLOTS];
        private final long[] prefixes = new long[SLOTS];
        private final long[] tokensNs = new long[SLOTS];
        private final long[] lastNs = new long[SLOTS];

        /** The slot of this source, or the free one where it belongs. */
        int slotOf(long seed, byte family, long prefix) {
            int slot = hash(seed, family, prefix) & SLOTS - 1;
            while (families[slot] != FREE
                    && (families[slot] != family || prefixes[slot] != prefix)) {
                slot = slot + 1 & SLOTS - 1;
            }
            return slot;
        }

        void put(int slot, byte family, long prefix, long tokens, long nowNs) {
            families[slot] = family;
            prefixes[slot] = prefix;
            tokensNs[slot] = tokens;
            lastNs[slot] = nowNs;
        }

        boolean take(int slot, long nowNs) {
            long tokens = Math.min(MAX_TOKENS_NS, tokensNs[slot] + nowNs - lastNs[slot]);
            boolean isAllowed = tokens >= PACKET_COST_NS;
            tokensNs[slot] = isAllowed ? tokens - PACKET_COST_NS : tokens;
            lastNs[slot] = nowNs;
            return isAllowed;
        }

        private static int hash(long seed, byte family, long prefix) {
            long mixed = (prefix ^ seed) + family;
            mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
            mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
            return (int) (mixed ^ mixed >>> 33);
        }
    }
}
