package io.ovl.dataplane.control;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * The bytes that a UAPI client has sent and that are not yet answered. What leaves the buffer is wiped: it may hold secrets.
 *
 * <p>Thread: the server's event loop.
 */
final class UapiRequestBuffer {
    /** Room for the 130,560 allowed IPs of WireGuard's own test in one {@code set}: 3 MB. */
    static final int MAX_REQUEST_LENGTH = 8 << 20;

    private static final int INITIAL_LENGTH = 4096;

    /** What all clients together may have in their buffers. */
    static final class Budget {
        private static final int MAX_TOTAL_LENGTH = 16 << 20;

        private int totalLength;

        private boolean take(int length) {
            if (length > MAX_TOTAL_LENGTH - totalLength) {
                return false;
            }
            totalLength += length;
            return true;
        }

        private void giveBack(int length) {
            totalLength -= length;
        }
    }

    private final Budget budget;
    private byte[] bytes = new byte[INITIAL_LENGTH];
    private int start;
    private int end;
    private int scanned;

    UapiRequestBuffer(Budget budget) {
        this.budget = budget;
    }

    /** Moves what is readable here, and wipes it there; false when it is more than one client, or all together, may send. */
    boolean append(ByteBuf source) {
        int count = source.readableBytes();
        boolean fits = ensureRoom(count);
        if (fits) {
            source.getBytes(source.readerIndex(), bytes, end, count);
            end += count;
        }
        source.setZero(source.readerIndex(), count);
        return fits;
    }

    private boolean ensureRoom(int count) {
        int needed = end - start + count;
        if (needed > MAX_REQUEST_LENGTH) {
            return false;
        }
        if (end + count <= bytes.length) {
            return true;
        }
        int capacity = bytes.length;
        if (needed > capacity) {
            capacity = Math.min(MAX_REQUEST_LENGTH, Math.max(needed, 2 * capacity));
            if (!budget.take(capacity - bytes.length)) {
                return false;
            }
        }
        byte[] moved = new byte[capacity];
        System.arraycopy(bytes, start, moved, 0, end - start);
        Arrays.fill(bytes, start, end, (byte) 0);
        bytes = moved;
        scanned -= start;
        end -= start;
        start = 0;
        return true;
    }

    boolean isEmpty() {
        return start == end;
    }

    /** Holds the first request at {@link #start}, until the next call that changes anything. */
    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    /** Whether what is here begins with {@code prefix}, as far as it goes. */
    boolean mayStartWith(byte[] prefix) {
        int length = Math.min(prefix.length, end - start);
        return Arrays.equals(bytes, start, start + length, prefix, 0, length);
    }

    /** Length of the first request, its blank line included; -1 while it is not complete. */
    int requestLength() {
        // Two line feeds in a row; the first byte cannot be the second of them.
        for (int i = Math.max(scanned, start + 1); i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
                return i + 1 - start;
            }
        }
        scanned = end;
        return -1;
    }

    /** Removes the first {@code count} bytes. */
    void remove(int count) {
        Arrays.fill(bytes, start, start + count, (byte) 0);
        start += count;
        scanned = start;
        if (start == end) {
            clear();
        }
    }

    /** Removes everything, and gives back what the budget lent. */
    void clear() {
        Arrays.fill(bytes, start, end, (byte) 0);
        start = 0;
        end = 0;
        scanned = 0;
        if (bytes.length > INITIAL_LENGTH) {
            budget.giveBack(bytes.length - INITIAL_LENGTH);
            bytes = new byte[INITIAL_LENGTH];
        }
    }
}
