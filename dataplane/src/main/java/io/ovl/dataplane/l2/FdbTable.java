package io.ovl.dataplane.l2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Storage of the forwarding database: a hash table of groups of seven slots, one writer, any number of readers that
 * never wait.
 *
 * <p>A group's control word holds seven bits of hash for each of its slots, which are compared all at once: a look
 * touches one word of a table small enough for the processor's cache, and then, mostly, the one slot that it wants,
 * without a branch that depends on where in the group that is. An entry whose group is full goes to the next one with
 * room, and every group that it passed counts it; a look ends at the first group that nothing has passed. Entries never
 * move, and there are no tombstones.
 *
 * <pre>
 *  control word of group g   63       56 55        48       7          0
 *                           +-----------+------------+ ... +------------+
 *                           | passed by | tag slot 6 |     | tag slot 0 |   tag: 0x80 and hash, 0 in a free slot
 *                           +-----------+------------+ ... +------------+
 *  slot s = 7g + i: two words
 *  key of s     63       MAC address        16 15 12 11  VLAN id  0   bits 12 to 15: the tick in which it was last seen
 *              +---------------------------+-----+----------------+
 *  entry of s   63   62     61    60       40 39       16 15      0
 *              +----+------+----+------------+-----------+--------+
 *              |used|static|held| generation |    VNI    |  port  |
 *              +----+------+----+------------+-----------+--------+
 *  notes of s, which a look does not touch: when it was last seen, and its moves
 * </pre>
 *
 * <p>Assumptions: one thread calls what is not marked "any thread". Guarantees to readers: an entry that is found has
 * the VNI and key that were asked for, and the port it had at some moment during the call: a slot that changes its key
 * goes through {@link #BUSY} and gets another generation, so that reading entry, key and entry again shows it. An entry
 * that is present throughout the call is found: its tag and the counts on its way stay. A refresh that meets a removal
 * may be credited to the entry that takes the slot next: at worst its age is off once.
 *
 * <p>When an entry was seen is noted to the nanosecond elsewhere; beside its key stand four bits of it, the tick. They
 * say whether that is worth noting again, so that a frame from a known address touches no more memory than a look, and
 * they are written with compare-and-set, for any thread may, while the conductor gives the slot to another key.
 */
final class FdbTable {
    /** Most slots: what {@link #slot} has bits for. */
    static final int MAX_CAPACITY = 1 << 21;

    /** {@link #find}: no entry. */
    static final long NOT_FOUND = 0;

    static final long STATIC = 1L << 62;
    static final long HELD = 1L << 61;

    private static final int GROUP_SLOTS = 7;
    private static final int PASSED_SHIFT = 56;
    private static final int MAX_PASSED = 0xff;
    private static final long EVERY_TAG = 0x0001_0101_0101_0101L;
    private static final long EVERY_TAG_TOP = EVERY_TAG << 7;

    private static final long EMPTY = 0;
    private static final long USED = 1L << 63;
    private static final long BUSY = 1L;
    private static final int GENERATION_SHIFT = 40;
    private static final long GENERATION_MASK = (MAX_CAPACITY - 1L) << GENERATION_SHIFT;
    private static final int VNI_SHIFT = 16;
    private static final long VNI_MASK = (long) Segment.MAX_VNI << VNI_SHIFT;
    private static final long PORT_MASK = Port.MAX_ID;
    private static final long MATCH_MASK = USED | VNI_MASK;

    private static final int TICK_NS_SHIFT = 29;

    /** Half a second: an entry that has been seen in the present tick is not written again. */
    static final long TICK_NS = 1L << TICK_NS_SHIFT;

    private static final int TICK_SHIFT = 12;
    private static final long TICK_MASK = 0xfL << TICK_SHIFT;

    /** Set in every tick, so that no tick is the same as none. */
    private static final long TICKED = 0x8L << TICK_SHIFT;

    /** Sooner than ticks repeat by more than a sweep of the table takes. */
    private static final long TICK_EXPIRY_NS = 3 * TICK_NS;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] controls;
    private final long[] words;
    private final long[] notes;
    private final int[] heapPositions;
    private final long seed;
    private long generation;
    private int count;

    /** A table of at least {@code capacity} slots. */
    FdbTable(int capacity, long seed) {
        int groups = (capacity + GROUP_SLOTS - 1) / GROUP_SLOTS;
        if (groups < 1 || groups * GROUP_SLOTS > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity is 1 to " + MAX_CAPACITY + ", not " + capacity);
        }
        int slots = groups * GROUP_SLOTS;
        controls = new long[groups];
        words = new long[2 * slots];
        notes = new long[2 * slots];
        heapPositions = new int[slots];
        Arrays.fill(heapPositions, -1);
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

    /**
     * Whether that is an entry that has been seen in the present tick, of half a second: what {@link #find} returned
     * has the tick in place of the VNI.
     */
    static boolean isFresh(long found, long nowNs) {
        return (found >>> VNI_SHIFT - TICK_SHIFT & TICK_MASK) == tick(nowNs);
    }

    private static long tick(long nowNs) {
        return nowNs >>> TICK_NS_SHIFT - TICK_SHIFT & TICK_MASK | TICKED;
    }

    /**
     * The entry with its slot in place of the generation and the tick in place of the VNI, or {@link #NOT_FOUND}. Any
     * thread.
     */
    long find(int vni, long key) {
        long hash = hash(vni, key);
        long wanted = USED | (long) vni << VNI_SHIFT;
        long tags = tag(hash) * EVERY_TAG;
        int group = home(hash);
        // Every group may have been passed by something: once round is enough.
        for (int i = 0; i < controls.length; i++) {
            long control = (long) LONGS.getAcquire(controls, group);
            long difference = control ^ tags;
            // The top bit of each byte that is zero; a byte above such a one may show wrongly,
            // which its key tells.
            long candidates = difference - EVERY_TAG & ~difference & EVERY_TAG_TOP;
            while (candidates != 0) {
                int slot = GROUP_SLOTS * group + (Long.numberOfTrailingZeros(candidates) >>> 3);
                long entry = (long) LONGS.getAcquire(words, 2 * slot + 1);
                long tick = (long) LONGS.getAcquire(words, 2 * slot) ^ key;
                if ((entry & MATCH_MASK) == wanted && (tick & ~TICK_MASK) == 0) {
                    if ((long) LONGS.getOpaque(words, 2 * slot + 1) == entry) {
                        return entry & ~(GENERATION_MASK | VNI_MASK)
                                | (long) slot << GENERATION_SHIFT
                                | tick << VNI_SHIFT - TICK_SHIFT;
                    }
                    continue;
                }
                candidates &= candidates - 1;
            }
            if (control >>> PASSED_SHIFT == 0) {
                return NOT_FOUND;
            }
            group = next(group);
        }
        return NOT_FOUND;
    }

    /** Any thread. */
    long lastSeenNs(int slot) {
        return (long) LONGS.getOpaque(notes, 2 * slot);
    }

    /** Notes that an entry was seen, unless that has been done in this tick or another has the slot. Any thread. */
    boolean refresh(long found, long key, long nowNs) {
        int slot = slot(found);
        long known = key | found >>> VNI_SHIFT - TICK_SHIFT & TICK_MASK;
        if (LONGS.compareAndSet(words, 2 * slot, known, key | tick(nowNs))) {
            LONGS.setOpaque(notes, 2 * slot, nowNs);
            return true;
        }
        return false;
    }

    void lastSeenNs(int slot, long nowNs) {
        LONGS.setOpaque(notes, 2 * slot, nowNs);
        LONGS.setRelease(words, 2 * slot, key(slot) | tick(nowNs));
    }

    /** Takes the tick from an entry that has been silent, before the same comes round again. */
    void expireTick(int slot, long nowNs) {
        long word = (long) LONGS.getOpaque(words, 2 * slot);
        if ((word & TICKED) != 0 && nowNs - lastSeenNs(slot) >= TICK_EXPIRY_NS) {
            LONGS.compareAndSet(words, 2 * slot, word, word & ~TICK_MASK);
        }
    }

    int capacity() {
        return heapPositions.length;
    }

    int count() {
        return count;
    }

    boolean isUsed(int slot) {
        return words[2 * slot + 1] != EMPTY;
    }

    long key(int slot) {
        return (long) LONGS.getOpaque(words, 2 * slot) & ~TICK_MASK;
    }

    long entry(int slot) {
        return words[2 * slot + 1];
    }

    /** Moves within the current second, or until when the entry is held: what {@link FdbMoves} keeps. */
    long moves(int slot) {
        return notes[2 * slot + 1];
    }

    void moves(int slot, long value) {
        notes[2 * slot + 1] = value;
    }

    /** Where the entry stands in its holder's heap, -1 for a static one. */
    int heapPosition(int slot) {
        return heapPositions[slot];
    }

    void heapPosition(int slot, int position) {
        heapPositions[slot] = position;
    }

    /** Adds an entry that is absent, and returns its slot. The caller sees to it that there is a free one. */
    int insert(int vni, long key, int port, long flags, long nowNs) {
        long entry = USED | flags | (long) vni << VNI_SHIFT | port;
        return insert(hash(vni, key), key | tick(nowNs), entry, nowNs, 0, -1);
    }

    /**
     * Takes over an entry of a table with the same seed, in the order of whose slots this one is filled from one end to
     * the other. It has no tick: what a worker notes in the old table meanwhile is lost, and the entry's next frame is
     * noted here.
     */
    int insert(FdbTable from, int slot) {
        long key = from.key(slot);
        long entry = from.entry(slot);
        return insert(
                hash(vni(entry), key),
                key,
                entry,
                from.lastSeenNs(slot),
                from.moves(slot),
                from.heapPosition(slot));
    }

    private int insert(
            long hash, long tickedKey, long entry, long seenNs, long moved, int heapPosition) {
        int group = home(hash);
        int index = freeTag(controls[group]);
        while (index < 0) {
            pass(group, 1);
            group = next(group);
            index = freeTag(controls[group]);
        }
        int slot = GROUP_SLOTS * group + index;
        LONGS.setOpaque(notes, 2 * slot, seenNs);
        notes[2 * slot + 1] = moved;
        heapPositions[slot] = heapPosition;
        write(slot, tickedKey, entry);
        LONGS.setRelease(controls, group, controls[group] | tag(hash) << 8 * index);
        count++;
        return slot;
    }

    /** Changes the port and flags of an entry in place. */
    void update(int slot, int port, long flags) {
        long entry = words[2 * slot + 1] & ~(PORT_MASK | STATIC | HELD);
        LONGS.setRelease(words, 2 * slot + 1, entry | flags | port);
    }

    void remove(int slot) {
        int group = slot / GROUP_SLOTS;
        int passed = home(hash(vni(entry(slot)), key(slot)));
        LONGS.setRelease(words, 2 * slot + 1, EMPTY);
        long control = controls[group] & ~(0xffL << 8 * (slot % GROUP_SLOTS));
        LONGS.setRelease(controls, group, control);
        while (passed != group) {
            pass(passed, -1);
            passed = next(passed);
        }
        count--;
    }

    /** A count that has reached its maximum is lost and stays: looks may go on too far, never stop too soon. */
    private void pass(int group, int change) {
        long control = controls[group];
        if (control >>> PASSED_SHIFT != MAX_PASSED) {
            LONGS.setRelease(controls, group, control + ((long) change << PASSED_SHIFT));
        }
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

    private static int freeTag(long control) {
        long free = ~control & EVERY_TAG_TOP;
        return free == 0 ? -1 : Long.numberOfTrailingZeros(free) >>> 3;
    }

    private static long tag(long hash) {
        return hash & 0x7f | 0x80;
    }

    private int next(int group) {
        return group + 1 < controls.length ? group + 1 : 0;
    }

    private int home(long hash) {
        return (int) ((hash >>> 32) * controls.length >>> 32);
    }

    /** Seeded, so that nobody outside can choose addresses that collide. */
    private long hash(int vni, long key) {
        long a = key ^ seed;
        long b = ((vni + 1) * 0x9e37_79b9_7f4a_7c15L ^ Long.rotateLeft(seed, 32)) | 1;
        return Math.multiplyHigh(a, b) ^ a * b;
    }
}
