package io.ovl.dataplane.peer;

/**
 * Packets of one peer that wait for a handshake on one worker: a bounded queue of pool slots, the oldest of which gives way.
 *
 * <p>Memory is taken when the first packet is staged, so that an idle peer costs nothing.
 *
 * <p>Thread: one owner, the worker. Ownership: owns the slots in it; {@link #poll} and a displaced {@link #offer} hand one back
 * to the caller, who releases it.
 */
public final class StagedPackets {
    private final int capacity;
    private long[] entries = new long[0];
    private int head;
    private int count;

    /** With room for {@code capacity} packets, a power of two. */
    public StagedPackets(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Appends a slot whose frame has {@code frameLength} bytes and {@code linkLength} bytes of link header.
     *
     * @return the slot of the oldest packet, which had to give way, or -1
     */
    public int offer(int slot, int frameLength, int linkLength) {
        if (entries.length == 0) {
            entries = new long[capacity];
        }
        int displaced = count == capacity ? slotOf(poll()) : -1;
        entries[head + count & capacity - 1] =
                (long) slot << 32 | (long) frameLength << 8 | linkLength;
        count++;
        return displaced;
    }

    /** Takes the oldest packet, to be read with {@link #slotOf}, {@link #frameLengthOf}, {@link #linkLengthOf}; -1 when empty. */
    public long poll() {
        if (count == 0) {
            return -1;
        }
        long entry = entries[head];
        head = head + 1 & capacity - 1;
        count--;
        return entry;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int count() {
        return count;
    }

    public static int slotOf(long entry) {
        return (int) (entry >>> 32);
    }

    public static int frameLengthOf(long entry) {
        return (int) (entry >>> 8) & 0xffffff;
    }

    public static int linkLengthOf(long entry) {
        return (int) entry & 0xff;
    }
}
