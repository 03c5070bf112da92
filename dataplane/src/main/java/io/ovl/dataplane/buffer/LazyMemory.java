package io.ovl.dataplane.buffer;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Large off-heap memory that takes up physical pages only where it is used.
 *
 * <p>The JDK's own ways to allocate write zeros over all of it, which for a packet pool means tens of megabytes
 * resident that no packet may ever need. Anonymous pages of the kernel are zero without being touched.
 *
 * <p>Thread: any. Ownership: the memory lives as long as the buffer is reachable.
 */
public final class LazyMemory {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
    private static final MethodHandle MMAP =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("mmap"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG));

    private static final MethodHandle MUNMAP =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("munmap"),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG));

    private LazyMemory() {}

    /** Allocates {@code length} zero bytes, page-aligned. */
    public static UnsafeBuffer allocate(int length) {
        long address;
        try {
            address =
                    (long)
                            MMAP.invokeExact(
                                    0L,
                                    (long) length,
                                    PROT_READ_WRITE,
                                    MAP_PRIVATE_ANONYMOUS_NORESERVE,
                                    -1,
                                    0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (address == -1) {
            throw new OutOfMemoryError("cannot map " + length + " bytes");
        }
        MemorySegment memory =
                MemorySegment.ofAddress(address)
                        .reinterpret(length, Arena.ofAuto(), LazyMemory::free);
        return new UnsafeBuffer(memory.asByteBuffer());
    }

    private static void free(MemorySegment memory) {
        try {
            int _ = (int) MUNMAP.invokeExact(memory.address(), memory.byteSize());
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
