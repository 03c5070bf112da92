package io.ovl.crypto.key;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Whole memory pages for secrets: never swapped and never in a core dump, where the system allows that.
 *
 * <p>Thread: any. Errors: none; a lock limit that is used up leaves ordinary memory, which is no reason to refuse a
 * key.
 */
final class SecretPages {
    private static final int MADV_DONTDUMP = 16;

    private static final MethodHandle MLOCK =
            function(
                    "mlock",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MADVISE =
            function(
                    "madvise",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle GETPAGESIZE =
            function("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private SecretPages() {}

    /** One page, mapped for the life of the process. */
    static MemorySegment allocate() {
        try {
            long length = (int) GETPAGESIZE.invokeExact();
            MemorySegment page = Arena.global().allocate(length, length);
            // Both results are ignored: see Errors above.
            int unusedLocked = (int) MLOCK.invokeExact(page, length);
            int unusedUndumped = (int) MADVISE.invokeExact(page, length, MADV_DONTDUMP);
            return page;
        } catch (Throwable e) {
            throw new LinkageError("a call into the C library failed", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
    }
}
