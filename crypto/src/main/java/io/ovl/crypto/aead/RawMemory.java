package io.ovl.crypto.aead;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The process's memory by absolute address. Callers of {@link Aead} vouch for their addresses; only lengths are
 * checked.
 *
 * <p>Thread: any.
 */
final class RawMemory {
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private RawMemory() {}

    static void copyIn(long source, byte[] destination, int length) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, source, destination, 0, length);
    }

    static void copyOut(byte[] source, long destination, int length) {
        MemorySegment.copy(source, 0, ALL, ValueLayout.JAVA_BYTE, destination, length);
    }

    /** Whether two tags are equal, in a time that does not depend on where they differ. */
    static boolean isSameTag(long left, long right) {
        long low =
                ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, left)
                        ^ ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, right);
        long high =
                ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, left + Long.BYTES)
                        ^ ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, right + Long.BYTES);
        return (low | high) == 0;
    }
}
