package io.ovl.dataplane.peer;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Receiver index to session (WireGuard whitepaper §5.4): which keypair opens a data message.
 *
 * <p>Indices are random, so their low bits are the hash. A removed entry leaves a tombstone until the table is rebuilt;
 * a rebuilt table is published whole, so that a reader sees either table complete.
 *
 * <p>Thread: one writer, the conductor; any thread looks up, without a lock.
 */
public final class IndexTable {
    private static final int INITIAL_CAPACITY = 64;

    /** Stands where an entry was removed, so that probing goes on past it. */
    private record Entry(int index, @Nullable Session session) {}

    private volatile AtomicReferenceArray<@Nullable Entry> entries =
            new AtomicReferenceArray<>(INITIAL_CAPACITY);
    private int usedCount;
    private int liveCount;

    /** Returns the session of a receiver index, null if there is none. */
    public @Nullable Session lookup(int index) {
        AtomicReferenceArray<@Nullable Entry> table = entries;
        int mask = table.length() - 1;
        for (int i = index & mask; ; i = i + 1 & mask) {
            Entry entry = table.getAcquire(i);
            if (entry == null) {
                return null;
            }
            if (entry.index == index) {
                return entry.session;
            }
        }
    }

    /** Adds a session under an index that no other entry has. */
    public void add(int index, Session session) {
        if (2 * (usedCount + 1) > entries.length()) {
            rebuild();
        }
        AtomicReferenceArray<@Nullable Entry> table = entries;
        if (place(table, new Entry(index, session))) {
            usedCount++;
        }
        liveCount++;
    }

    /** Removes an index; a lookup that runs at the same time may still see it. */
    public void remove(int index) {
        AtomicReferenceArray<@Nullable Entry> table = entries;
        int mask = table.length() - 1;
        for (int i = index & mask; ; i = i + 1 & mask) {
            Entry entry = table.getPlain(i);
            if (entry == null) {
                return;
            }
            if (entry.index == index) {
                if (entry.session != null) {
                    table.setRelease(i, new Entry(index, null));
                    liveCount--;
                }
                return;
            }
        }
    }

    /** Number of live entries. */
    public int size() {
        return liveCount;
    }

    private void rebuild() {
        AtomicReferenceArray<@Nullable Entry> old = entries;
        int capacity = Math.max(INITIAL_CAPACITY, Integer.highestOneBit(liveCount + 1) << 3);
        AtomicReferenceArray<@Nullable Entry> table = new AtomicReferenceArray<>(capacity);
        for (int i = 0; i < old.length(); i++) {
            Entry entry = old.getPlain(i);
            if (entry != null && entry.session != null) {
                place(table, entry);
            }
        }
        usedCount = liveCount;
        entries = table;
    }

    /** Returns whether an empty place was filled rather than a tombstone of the same index. */
    private static boolean place(AtomicReferenceArray<@Nullable Entry> table, Entry entry) {
        int mask = table.length() - 1;
        for (int i = entry.index & mask; ; i = i + 1 & mask) {
            Entry present = table.getPlain(i);
            if (present == null || present.index == entry.index) {
                table.setRelease(i, entry);
                return present == null;
            }
        }
    }
}
