package io.ovl.dataplane.peer;

import io.ovl.dataplane.ip.Encap;

import org.jspecify.annotations.Nullable;

/**
 * Packets of one peer that wait for a handshake on one worker: a bounded queue of pool slots, the oldest of which gives
 * way.
 *
 * <p>Memory is taken when the first packet is staged, so that an idle peer costs nothing.
 *
 * <p>Thread: one owner, the worker. Ownership: owns the slots in it; {@link #poll} and a displaced {@link #offer} hand
 * one back to the caller, who releases it. What {@link #poll} took is read through the accessors until the next offer.
 */
public final class StagedPackets {
    private final int capacity;
    private int[] slots = new int[0];
    private int[] frameLengths = new int[0];
    private int[] linkLengths = new int[0];
    private int[] vnis = new int[0];
    private int[] paddingLimits = new int[0];
    private @Nullable Encap[] encaps = new Encap[0];
    private int head;
    private int count;
    private int polled;

    /** With room for {@code capacity} packets, a power of two. */
    public StagedPackets(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Appends a slot whose frame has {@code frameLength} bytes and {@code linkLength} bytes of link header.
     *
     * @return the slot of the oldest packet, which had to give way, or -1
     */
    public int offer(
            int slot, int frameLength, int linkLength, Encap encap, int vni, int paddingLimit) {
        if (slots.length == 0) {
            slots = new int[capacity];
            frameLengths = new int[capacity];
            linkLengths = new int[capacity];
            vnis = new int[capacity];
            paddingLimits = new int[capacity];
            encaps = new Encap[capacity];
        }
        int displaced = -1;
        if (count == capacity) {
            poll();
            displaced = slots[polled];
        }
        int at = head + count & capacity - 1;
        slots[at] = slot;
        frameLengths[at] = frameLength;
        linkLengths[at] = linkLength;
        vnis[at] = vni;
        paddingLimits[at] = paddingLimit;
        encaps[at] = encap;
        count++;
        return displaced;
    }

    /** Takes the oldest packet, to be read with the accessors below. Returns whether there was one. */
    public boolean poll() {
        if (count == 0) {
            return false;
        }
        polled = head;
        head = head + 1 & capacity - 1;
        count--;
        return true;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether the next packet displaces the oldest. */
    public boolean isFull() {
        return count == capacity;
    }

    public int count() {
        return count;
    }

    public int slot() {
        return slots[polled];
    }

    public int frameLength() {
        return frameLengths[polled];
    }

    public int linkLength() {
        return linkLengths[polled];
    }

    public int vni() {
        return vnis[polled];
    }

    public int paddingLimit() {
        return paddingLimits[polled];
    }

    @SuppressWarnings("NullAway") // set by offer
    public Encap encap() {
        return encaps[polled];
    }
}
