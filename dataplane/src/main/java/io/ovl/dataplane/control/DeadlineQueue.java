package io.ovl.dataplane.control;

import java.util.Arrays;

/**
 * At most one deadline for each of a dense range of ids, the earliest at hand: an indexed binary heap.
 *
 * <p>A heap rather than a timer wheel: the conductor sleeps until exactly the next deadline, and a simulation jumps
 * there.
 *
 * <p>Thread: one owner. Units: nanoseconds of any one clock.
 */
final class DeadlineQueue {
    /** What {@link #nextNs} says when there is no deadline. */
    static final long NONE = Long.MAX_VALUE;

    private int[] heap = new int[16];
    private int[] positions = new int[0];
    private long[] deadlines = new long[0];
    private int count;

    /** Sets the deadline of an id, in place of the one it had; {@link #NONE} removes it. */
    void set(int id, long deadlineNs) {
        ensureId(id);
        int position = positions[id];
        if (deadlineNs == NONE) {
            if (position >= 0) {
                removeAt(position);
            }
            return;
        }
        deadlines[id] = deadlineNs;
        if (position < 0) {
            if (count == heap.length) {
                heap = Arrays.copyOf(heap, 2 * count);
            }
            position = count++;
            place(position, id);
        }
        siftDown(siftUp(position));
    }

    /** The earliest deadline. */
    long nextNs() {
        return count == 0 ? NONE : deadlines[heap[0]];
    }

    /** Takes the id of the earliest deadline if it is not after {@code nowNs}; -1 if there is none. */
    int pollDue(long nowNs) {
        if (count == 0 || deadlines[heap[0]] - nowNs > 0) {
            return -1;
        }
        int id = heap[0];
        removeAt(0);
        return id;
    }

    private void removeAt(int position) {
        positions[heap[position]] = -1;
        count--;
        if (position < count) {
            place(position, heap[count]);
            siftDown(siftUp(position));
        }
    }

    private int siftUp(int start) {
        int position = start;
        int id = heap[position];
        while (position > 0) {
            int parent = (position - 1) / 2;
            if (deadlines[heap[parent]] <= deadlines[id]) {
                break;
            }
            place(position, heap[parent]);
            position = parent;
        }
        place(position, id);
        return position;
    }

    private void siftDown(int start) {
        int position = start;
        int id = heap[position];
        while (true) {
            int child = 2 * position + 1;
            if (child >= count) {
                break;
            }
            if (child + 1 < count && deadlines[heap[child + 1]] < deadlines[heap[child]]) {
                child++;
            }
            if (deadlines[heap[child]] >= deadlines[id]) {
                break;
            }
            place(position, heap[child]);
            position = child;
        }
        place(position, id);
    }

    private void place(int position, int id) {
        heap[position] = id;
        positions[id] = position;
    }

    private void ensureId(int id) {
        int old = positions.length;
        if (id >= old) {
            int size = Math.max(id + 1, 2 * old);
            positions = Arrays.copyOf(positions, size);
            deadlines = Arrays.copyOf(deadlines, size);
            Arrays.fill(positions, old, size, -1);
        }
    }
}
