package io.ovl.dataplane.l2;

import java.util.Arrays;

/**
 * The learned entries of one port in one segment, as a heap with the least recently seen on top.
 *
 * <p>Workers refresh entries without telling: a slot is ordered by when it was seen last as far as the heap knows,
 * never later than the truth, so that the top is corrected until it is true.
 *
 * <p>Thread: the conductor.
 */
final class FdbHolder {
    private static final int MIN_CAPACITY = 8;

    private final int vni;
    private final int port;
    private int[] slots = new int[MIN_CAPACITY];
    private long[] seenNs = new long[MIN_CAPACITY];
    private int count;

    FdbHolder(int vni, int port) {
        this.vni = vni;
        this.port = port;
    }

    int vni() {
        return vni;
    }

    int port() {
        return port;
    }

    int count() {
        return count;
    }

    void add(FdbTable table, int slot) {
        if (count == slots.length) {
            resize(count * 2);
        }
        int position = count++;
        set(table, position, slot, table.lastSeenNs(slot));
        siftUp(table, position);
    }

    void remove(FdbTable table, int slot) {
        int position = table.heapPosition(slot);
        table.heapPosition(slot, -1);
        count--;
        if (position < count) {
            set(table, position, slots[count], seenNs[count]);
            siftDown(table, position);
            siftUp(table, position);
        }
        if (slots.length > MIN_CAPACITY && count < slots.length / 4) {
            resize(slots.length / 2);
        }
    }

    /** The entry stands in another table, in another slot, and where it was in the heap. */
    void relocate(FdbTable next, int slot) {
        slots[next.heapPosition(slot)] = slot;
    }

    /** Slot of the least recently seen entry; there must be one. */
    int leastRecent(FdbTable table) {
        while (true) {
            int slot = slots[0];
            long lastSeenNs = table.lastSeenNs(slot);
            if (lastSeenNs <= seenNs[0]) {
                return slot;
            }
            seenNs[0] = lastSeenNs;
            siftDown(table, 0);
        }
    }

    private void siftUp(FdbTable table, int start) {
        int position = start;
        while (position > 0) {
            int parent = (position - 1) / 2;
            if (seenNs[parent] <= seenNs[position]) {
                return;
            }
            swap(table, position, parent);
            position = parent;
        }
    }

    private void siftDown(FdbTable table, int start) {
        int position = start;
        while (true) {
            int child = 2 * position + 1;
            if (child >= count) {
                return;
            }
            if (child + 1 < count && seenNs[child + 1] < seenNs[child]) {
                child++;
            }
            if (seenNs[position] <= seenNs[child]) {
                return;
            }
            swap(table, position, child);
            position = child;
        }
    }

    private void swap(FdbTable table, int a, int b) {
        int slot = slots[a];
        long seen = seenNs[a];
        set(table, a, slots[b], seenNs[b]);
        set(table, b, slot, seen);
    }

    private void set(FdbTable table, int position, int slot, long seen) {
        slots[position] = slot;
        seenNs[position] = seen;
        table.heapPosition(slot, position);
    }

    private void resize(int capacity) {
        slots = Arrays.copyOf(slots, capacity);
        seenNs = Arrays.copyOf(seenNs, capacity);
    }
}
