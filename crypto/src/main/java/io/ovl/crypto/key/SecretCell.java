package io.ovl.crypto.key;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Thirty-two secret bytes off the heap, where no garbage collector copies them.
 *
 * <p>Cells are carved from pages that stay mapped for the life of the process: a reader that comes late sees zeros or
 * another key and fails to authenticate, it never faults.
 *
 * <p>Thread: any. Ownership: {@link #close} wipes the bytes and returns the cell for reuse.
 */
public final class SecretCell implements AutoCloseable {
    public static final int LENGTH = 32;

    private static final ArrayDeque<MemorySegment> FREE = new ArrayDeque<>();
    private static final AtomicLong NEXT_ID = new AtomicLong(1);

    private final MemorySegment memory;
    private final long id;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private SecretCell(MemorySegment memory) {
        this.memory = memory;
        this.id = NEXT_ID.getAndIncrement();
    }

    /** Copies 32 bytes of {@code source} into a new cell; the caller wipes its own copy. */
    public static SecretCell copyOf(byte[] source, int offset) {
        SecretCell cell = new SecretCell(takeFree());
        MemorySegment.copy(source, offset, cell.memory, ValueLayout.JAVA_BYTE, 0, LENGTH);
        return cell;
    }

    /** Address of the bytes; valid memory for ever, holding the secret until {@link #close}. */
    public long address() {
        return memory.address();
    }

    /** A number no other cell of this process has had. */
    public long id() {
        return id;
    }

    /** Copies the bytes onto the heap; the caller wipes the copy as soon as it can. */
    public void copyTo(byte[] destination, int offset) {
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, destination, offset, LENGTH);
    }

    /** Wipes and releases. Idempotent. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            memory.fill((byte) 0);
            synchronized (FREE) {
                FREE.addLast(memory);
            }
        }
    }

    private static MemorySegment takeFree() {
        synchronized (FREE) {
            if (FREE.isEmpty()) {
                MemorySegment page = SecretPages.allocate();
                for (long offset = 0; offset < page.byteSize(); offset += LENGTH) {
                    FREE.addLast(page.asSlice(offset, LENGTH));
                }
            }
            return FREE.removeFirst();
        }
    }

    /** Never the bytes. */
    @Override
    public String toString() {
        return "SecretCell#" + id;
    }
}
