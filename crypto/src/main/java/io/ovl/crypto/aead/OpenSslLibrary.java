package io.ovl.crypto.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The EVP functions of OpenSSL 3's {@code libcrypto} that an AEAD needs. Pointers are plain addresses.
 *
 * <p>Thread: any; a context has one owner.
 */
final class OpenSslLibrary {
    private static final MethodHandle FETCH =
            NativeLibrary.downcall(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG));
    private static final MethodHandle NEW =
            NativeLibrary.downcall(FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE =
            NativeLibrary.downcall(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    private static final MethodHandle INIT =
            NativeLibrary.criticalDowncall(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle UPDATE =
            NativeLibrary.criticalDowncall(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle FINAL =
            NativeLibrary.criticalDowncall(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG));
    private static final MethodHandle CONTROL =
            NativeLibrary.criticalDowncall(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG));

    private final MemorySegment newContext;
    private final MemorySegment freeContext;
    private final MemorySegment init;
    private final MemorySegment update;
    private final MemorySegment finish;
    private final MemorySegment control;
    private final long cipher;

    private OpenSslLibrary(NativeLibrary library) {
        newContext = library.function("EVP_CIPHER_CTX_new");
        freeContext = library.function("EVP_CIPHER_CTX_free");
        init = library.function("EVP_CipherInit_ex");
        update = library.function("EVP_CipherUpdate");
        finish = library.function("EVP_CipherFinal_ex");
        control = library.function("EVP_CIPHER_CTX_ctrl");
        cipher = fetch(library);
    }

    static OpenSslLibrary load() {
        return new OpenSslLibrary(NativeLibrary.open("libcrypto.so.3"));
    }

    /** The fetched {@code EVP_CIPHER}; never freed, as the library itself is never unloaded. */
    long cipher() {
        return cipher;
    }

    /** A new {@code EVP_CIPHER_CTX}; wiped with its key, and freed, when the arena closes. */
    long newContext(Arena arena) {
        try {
            long context = (long) NEW.invokeExact(newContext);
            if (context == 0) {
                throw new AeadUnavailableException("EVP_CIPHER_CTX_new found no memory");
            }
            return MemorySegment.ofAddress(context).reinterpret(arena, this::free).address();
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    private void free(MemorySegment context) {
        try {
            FREE.invokeExact(freeContext, context.address());
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    /** {@code EVP_CipherInit_ex}; a zero leaves what the context already has. */
    boolean init(long context, long newCipher, long key, long nonce, int isEncrypting) {
        try {
            return (int) INIT.invokeExact(init, context, newCipher, 0L, key, nonce, isEncrypting)
                    == 1;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    boolean update(long context, long destination, long written, long source, int length) {
        try {
            return (int) UPDATE.invokeExact(update, context, destination, written, source, length)
                    == 1;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    boolean finish(long context, long destination, long written) {
        try {
            return (int) FINAL.invokeExact(finish, context, destination, written) == 1;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    boolean control(long context, int command, int length, long address) {
        try {
            return (int) CONTROL.invokeExact(control, context, command, length, address) == 1;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    private static long fetch(NativeLibrary library) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("ChaCha20-Poly1305").address();
            long cipher =
                    (long) FETCH.invokeExact(library.function("EVP_CIPHER_fetch"), 0L, name, 0L);
            if (cipher == 0) {
                throw new AeadUnavailableException(library.name() + " has no ChaCha20-Poly1305");
            }
            return cipher;
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }
}
