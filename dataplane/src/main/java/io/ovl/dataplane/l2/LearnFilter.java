package io.ovl.dataplane.l2;

/**
 * Keeps a worker from offering the same source again and again while the conductor has not yet learned it: a batch of
 * frames from a new host makes one observation, not sixty-four.
 *
 * <p>Direct-mapped: two sources that share a place only cost an observation too many.
 *
 * <p>Thread: one worker. Units: nanoseconds.
 */
public final class LearnFilter {
    static final long WINDOW_NS = 5_000_000L;

    private static final int SIZE = 256;

    private final long[] keys = new long[SIZE];
    private final long[] places = new long[SIZE];
    private final long[] offeredNs = new long[SIZE];

    /** Whether to offer the source; if so, it is taken for offered. */
    public boolean shouldOffer(int vni, long mac, int vlan, int port, long nowNs) {
        long key = mac << 16 | vlan;
        long place = (long) vni << 16 | port;
        // Not by port: of an address that goes back and forth, what counts is where it was last.
        int slot = (int) ((key ^ (long) vni << 24) * 0x9e37_79b9_7f4a_7c15L >>> 56);
        if (keys[slot] == key && places[slot] == place && nowNs - offeredNs[slot] < WINDOW_NS) {
            return false;
        }
        keys[slot] = key;
        places[slot] = place;
        offeredNs[slot] = nowNs;
        return true;
    }
}
