package io.ovl.dataplane.l2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Storage of the forwarding database: open addressing with linear probing over flat arrays, one writer, any number of readers
 * that never wait.
 *
 * <p>Layout: slot {@code i} is two words of {@code words}, so that a lookup touches one cache line.
 *
 * <pre>
 *  word 2i      key     63       MAC address        16 15 12 11  VLAN id  0
 *                      +---------------------------+-----+----------------+
 *  word 2i + 1  entry   63   62     61    60       40 39       16 15      0
 *                      +----+------+----+------------+-----------+--------+
 *                      |used|static|held| generation |    VNI    |  port  |
 *                      +----+------+----+------------+-----------+--------+
 * </pre>
 *
 * <p>Assumptions: one thread calls what is not marked "any thread". Guarantees to readers: an entry that is found has the VNI and
 * key that were asked for, and the port it had at some moment during the call. An entry that is present throughout the call is
 * found:
 *
 * <ul>
 *   <li>a slot that changes its key goes through {@link #BUSY}, and its new entry has another generation, so that a reader that
 *       reads entry, key and entry again sees the change;
 *   <li>removal fills the hole by moving later entries of the cluster back, each copied first and {@code version} raised before
 *       its old slot is overwritten: a reader that finds nothing while the version changed looks again.
 * </ul>
 *
 * <p>A refresh that meets a move may be lost or credited to the entry that took the slot: at worst one entry's age is off once.
 */
final class FdbTable {
    static final int MAX_CAPACITY = 1 << 21;

    /** {@link #find}: no entry. */
    static final long NOT_FOUND = 0;

    static final long STATIC = 1L << 62;
    static final long HELD = 1L << 61;

    private static final long EMPTY = 0;
    private static final long USED = 1L << 63;
    private static final long BUSY = 1L;
    private static final int GENERATION_SHIFT = 40;
    private static final long GENERATION_MASK = (MAX_CAPACITY - 1L) << GENERATION_SHIFT;
    private static final int VNI_SHIFT = 16;
    private static final long VNI_MASK = (long) Segment.MAX_VNI << VNI_SHIFT;
    private static final long PORT_MASK = Port.MAX_ID;
    private static final long MATCH_MASK = USED | VNI_MASK;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(FdbTable.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] words;
    private final long[] lastSeenNs;
    private final long[] moves;
    private final int[] heapPositions;
    private final int mask;
    private final long seed;
    private long version;
    private long generation;
    private int count;

    FdbTable(int capacity, long seed) {
        if (Integer.bitCount(capacity) != 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity is a power of two up to " + MAX_CAPACITY + ", not " + capacity);
        }
        words = new long[2 * capacity];
        lastSeenNs = new long[capacity];
        moves = new long[capacity];
        heapPositions = new int[capacity];
        Arrays.fill(heapPositions, -1);
        mask = capacity - 1;
        this.seed = seed;
    }

    static long key(long mac, int vlan) {
        return mac << 16 | vlan;
    }

    static long keyMac(long key) {
        return key >>> 16;
    }

    static int keyVlan(long key) {
        return (int) key & 0xfff;
    }

    static int port(long entry) {
        return (int) (entry & PORT_MASK);
    }

    static int vni(long entry) {
        return (int) ((entry & VNI_MASK) >>> VNI_SHIFT);
    }

    /** The slot of an entry that {@link #find} returned, which stands there in place of the generation. */
    static int slot(long found) {
        return (int) ((found & GENERATION_MASK) >>> GENERATION_SHIFT);
    }

    /** The entry with its slot in place of the generation, or {@link #NOT_FOUND}. Any thread. */
    long find(int vni, long key) {
        long wanted = USED | (long) vni << VNI_SHIFT;
        while (true) {
            long versionBefore = (long) VERSION.getAcquire(this);
            int slot = home(vni, key);
            while (true) {
                long entry = (long) LONGS.getAcquire(words, 2 * slot + 1);
                if ((entry & MATCH_MASK) == wanted
                        && (long) LONGS.getAcquire(words, 2 * slot) == key) {
                    if ((long) LONGS.getOpaque(words, 2 * slot + 1) == entry) {
                        return entry & ~GENERATION_MASK | (long) slot << GENERATION_SHIFT;
                    }
                    continue;
                }
                if (entry == EMPTY) {
                    break;
                }
                slot = slot + 1 & mask;
            }
            if ((long) VERSION.getAcquire(this) == versionBefore) {
                return NOT_FOUND;
            }
        }
    }

    /** Any thread. */
    long lastSeenNs(int slot) {
        return (long) LONGS.getOpaque(lastSeenNs, slot);
    }

    /** Any thread. */
    void lastSeenNs(int slot, long nowNs) {
        LONGS.setOpaque(lastSeenNs, slot, nowNs);
    }

    int capacity() {
        return mask + 1;
    }

    int count() {
        return count;
    }

    boolean isUsed(int slot) {
        return words[2 * slot + 1] != EMPTY;
    }

    long key(int slot) {
        return words[2 * slot];
    }

    long entry(int slot) {
        return words[2 * slot + 1];
    }

    /** Moves within the current second, or until when the entry is held: what {@link FdbMoves} keeps. */
    long moves(int slot) {
        return moves[slot];
    }

    void moves(int slot, long value) {
        moves[slot] = value;
    }

    /** Where the entry stands in its holder's heap, -1 for a static one. */
    int heapPosition(int slot) {
        return heapPositions[slot];
    }

    void heapPosition(int slot, int position) {
        heapPositions[slot] = position;
    }

    /** Adds an entry that is absent, and returns its slot. The caller sees to it that a slot stays empty. */
    int insert(int vni, long key, int port, long flags, long nowNs) {
        int slot = home(vni, key);
        while (isUsed(slot)) {
            slot = slot + 1 & mask;
        }
        lastSeenNs(slot, nowNs);
        moves[slot] = 0;
        heapPositions[slot] = -1;
        write(slot, key, USED | flags | (long) vni << VNI_SHIFT | port);
        count++;
        return slot;
    }

    /** Changes the port and flags of an entry in place. */
    void update(int slot, int port, long flags) {
        long entry = words[2 * slot + 1] & ~(PORT_MASK | STATIC | HELD);
        LONGS.setRelease(words, 2 * slot + 1, entry | flags | port);
    }

    /** Removes an entry; later ones of its cluster may move, each reported to {@code holders}. */
    void remove(int slot, FdbHolders holders) {
        int hole = slot;
        for (int next = slot + 1 & mask; isUsed(next); next = next + 1 & mask) {
            int home = home(vni(entry(next)), key(next));
            if ((next - home & mask) >= (next - hole & mask)) {
                copy(next, hole);
                holders.onMoved(this, hole);
                VERSION.setRelease(this, version + 1);
                hole = next;
            }
        }
        LONGS.setRelease(words, 2 * hole + 1, EMPTY);
        count--;
    }

    private void copy(int from, int to) {
        lastSeenNs(to, lastSeenNs(from));
        moves[to] = moves[from];
        heapPositions[to] = heapPositions[from];
        write(to, key(from), entry(from));
    }

    private void write(int slot, long key, long entry) {
        generation++;
        LONGS.setRelease(words, 2 * slot + 1, BUSY);
        LONGS.setRelease(words, 2 * slot, key);
        LONGS.setRelease(
                words,
                2 * slot + 1,
                entry & ~GENERATION_MASK | generation << GENERATION_SHIFT & GENERATION_MASK);
    }

    /** Seeded, so that nobody outside can choose addresses that collide. */
    private int home(int vni, long key) {
        long a = key ^ seed;
        long b = (vni + 1) * 0x9e37_79b9_7f4a_7c15L ^ Long.rotateLeft(seed, 32);
        long mixed = Math.multiplyHigh(a, b | 1) ^ a * (b | 1);
        return (int) (mixed ^ mixed >>> 32) & mask;
    }
}
