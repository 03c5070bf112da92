package io.ovl.dataplane.buffer;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A worker's packet memory: equal slots, each with headroom in front of the packet for headers yet to come.
 *
 * <p>A slot holds the largest super-packet a device gives. Slots are handed out last in, first out, so that a worker
 * that releases what it acquires works on one slot that stays in its cache, and pages of slots that were never needed
 * are never touched.
 *
 * <p>Thread: one owner. Ownership: an acquired slot is the caller's until {@link #release}; whoever stages a packet
 * keeps its slot. Units: offsets and lengths are bytes in {@link #buffer}.
 */
public final class PacketPool {
    /** Bytes between the start of a slot and the packet in it: room for every header ovl puts in front, aligned. */
    public static final int HEADROOM = 192;

    /**
     * Length of a slot: headroom, 65,535 bytes of IP in an Ethernet frame with two VLAN tags, padding, in whole pages.
     */
    public static final int SLOT_LENGTH = 17 * 4096;

    /** Room for the packet itself. */
    public static final int PACKET_CAPACITY = SLOT_LENGTH - HEADROOM;

    private final UnsafeBuffer buffer;
    private final int[] free;
    private int freeCount;

    public PacketPool(int slotCount) {
        buffer = LazyMemory.allocate(slotCount * SLOT_LENGTH);
        free = new int[slotCount];
        for (int i = slotCount - 1; i >= 0; i--) {
            free[freeCount++] = i * SLOT_LENGTH;
        }
    }

    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Takes a slot. Returns its offset, or -1 when none is free. */
    public int acquire() {
        return freeCount == 0 ? -1 : free[--freeCount];
    }

    /** Gives a slot back. */
    public void release(int slot) {
        free[freeCount++] = slot;
    }

    /** Number of slots there are. */
    public int slotCount() {
        return free.length;
    }

    /** Number of slots that are acquired. */
    public int outstanding() {
        return free.length - freeCount;
    }

    public int available() {
        return freeCount;
    }
}
