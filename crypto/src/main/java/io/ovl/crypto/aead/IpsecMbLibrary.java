package io.ovl.crypto.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The functions of Intel's multi-buffer crypto library that make and free an {@code IMB_MGR}.
 *
 * <p>The job interface is a set of macros over structures, so it is only usable where the structures' layout is known:
 * {@link IpsecMbLayout} holds for versions 1.3 to 1.5 and 2.0, and any other version is refused before a structure is
 * touched. The offsets were read from the headers of 1.3 and 2.0, where everything used here lies at the same place;
 * 1.4 and 1.5 lie between them and share the soname of 1.3.
 *
 * <p>Thread: any.
 */
final class IpsecMbLibrary {
    private static final int VERSION_1_3 = 0x010300;
    private static final int VERSION_1_6 = 0x010600;
    private static final int VERSION_2_0 = 0x020000;
    private static final int VERSION_2_1 = 0x020100;

    private static final MethodHandle GET_INT =
            NativeLibrary.downcall(FunctionDescriptor.of(ValueLayout.JAVA_INT));
    private static final MethodHandle GET_LONG =
            NativeLibrary.downcall(FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    private static final MethodHandle LONG_TO_LONG =
            NativeLibrary.downcall(
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final MethodHandle TAKE_LONG =
            NativeLibrary.downcall(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    private static final MethodHandle TAKE_TWO_LONGS =
            NativeLibrary.downcall(
                    FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final MemorySegment size;
    private final MemorySegment allocate;
    private final MemorySegment initialize;
    private final MemorySegment free;

    private IpsecMbLibrary(NativeLibrary library) {
        size = library.function("imb_get_mb_mgr_size");
        allocate = library.function("alloc_mb_mgr");
        initialize = library.function("init_mb_mgr_auto");
        free = library.function("free_mb_mgr");
    }

    static IpsecMbLibrary load() {
        String architecture = System.getProperty("os.arch");
        if (!"amd64".equals(architecture)) {
            throw new AeadUnavailableException("libIPSec_MB is for amd64, not " + architecture);
        }
        NativeLibrary library = NativeLibrary.open("libIPSec_MB.so.2", "libIPSec_MB.so.1");
        requireKnown(library.name(), version(library));
        return new IpsecMbLibrary(library);
    }

    static void requireKnown(String name, int version) {
        boolean isKnown =
                (version >= VERSION_1_3 && version < VERSION_1_6)
                        || (version >= VERSION_2_0 && version < VERSION_2_1);
        if (!isKnown) {
            throw new AeadUnavailableException(
                    "%s is version %d.%d.%d; its structures are known for 1.3 to 1.5 and 2.0"
                            .formatted(
                                    name, version >>> 16, (version >>> 8) & 0xff, version & 0xff));
        }
    }

    /** A new {@code IMB_MGR} for this CPU, freed when the arena closes. */
    MemorySegment newManager(Arena arena) {
        try {
            long address = (long) LONG_TO_LONG.invokeExact(allocate, 0L);
            if (address == 0) {
                throw new AeadUnavailableException("alloc_mb_mgr found no memory");
            }
            MemorySegment manager =
                    MemorySegment.ofAddress(address)
                            .reinterpret((long) GET_LONG.invokeExact(size), arena, this::free);
            TAKE_TWO_LONGS.invokeExact(initialize, address, 0L);
            int error = manager.get(ValueLayout.JAVA_INT, IpsecMbLayout.MANAGER_ERROR_OFFSET);
            if (error != 0) {
                throw new AeadUnavailableException("init_mb_mgr_auto failed with error " + error);
            }
            return manager;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    private void free(MemorySegment manager) {
        try {
            TAKE_LONG.invokeExact(free, manager.address());
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    private static int version(NativeLibrary library) {
        try {
            return (int) GET_INT.invokeExact(library.function("imb_get_version"));
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }
}
