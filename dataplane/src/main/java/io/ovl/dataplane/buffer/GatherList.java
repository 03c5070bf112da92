package io.ovl.dataplane.buffer;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * A list of memory ranges that one system call writes in order, laid out as the kernel's {@code struct iovec} array.
 *
 * <p>Thread: one owner. Ownership: borrows the memory that entries point to until {@link #clear}. Units: lengths are
 * bytes. Wire: entry {@code i} is two native 64-bit words at {@code 16 * i}: address, length.
 */
public final class GatherList {
    /** The kernel's limit on entries of one call (UIO_MAXIOV). */
    public static final int MAX_CAPACITY = 1024;

    private static final int ENTRY_LENGTH = 16;

    private final UnsafeBuffer entries;
    private final int capacity;
    private int count;
    private int totalLength;

    public GatherList(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity is 1 to " + MAX_CAPACITY + ", not " + capacity);
        }
        this.capacity = capacity;
        entries = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * ENTRY_LENGTH));
    }

    /** Appends a range; the caller checks {@link #isFull} first. */
    public void add(long address, int length) {
        entries.putLong(count * ENTRY_LENGTH, address);
        entries.putLong(count * ENTRY_LENGTH + 8, length);
        count++;
        totalLength += length;
    }

    public boolean isFull() {
        return count == capacity;
    }

    public int count() {
        return count;
    }

    /** Sum of all lengths. */
    public int totalLength() {
        return totalLength;
    }

    /** Address of the iovec array. */
    public long address() {
        return entries.addressOffset();
    }

    public long entryAddress(int index) {
        return entries.getLong(index * ENTRY_LENGTH);
    }

    public int entryLength(int index) {
        return (int) entries.getLong(index * ENTRY_LENGTH + 8);
    }

    /** Forgets all entries. */
    public void clear() {
        count = 0;
        totalLength = 0;
    }
}
