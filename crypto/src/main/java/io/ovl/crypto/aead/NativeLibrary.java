package io.ovl.crypto.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;

/**
 * A shared library that stays loaded for the life of the process.
 *
 * <p>Functions are addresses, and handles exist per signature rather than per function: handles can then be static and
 * final, so that the JIT compiles them to a plain call, without tying a class's initialisation to a library that may be
 * missing.
 *
 * <p>Thread: any.
 */
final class NativeLibrary {
    private final String name;
    private final SymbolLookup symbols;

    private NativeLibrary(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /** Loads the first of the names that the dynamic linker finds. */
    static NativeLibrary open(String... names) {
        for (String name : names) {
            try {
                return new NativeLibrary(name, SymbolLookup.libraryLookup(name, Arena.global()));
            } catch (IllegalArgumentException e) {
                // The next name may be there; the message below names them all.
            }
        }
        throw new AeadUnavailableException("cannot load " + String.join(" or ", names));
    }

    String name() {
        return name;
    }

    MemorySegment function(String symbol) {
        return symbols.find(symbol)
                .orElseThrow(
                        () -> new AeadUnavailableException(name + " has no function " + symbol));
    }

    /** A handle for functions that may take long or call back. Its first parameter is the function's address. */
    static MethodHandle downcall(FunctionDescriptor signature) {
        return Linker.nativeLinker().downcallHandle(signature);
    }

    /**
     * A handle for functions that return within microseconds: the call leaves out the thread's state change, at the
     * price that a safepoint waits for it.
     */
    static MethodHandle criticalDowncall(FunctionDescriptor signature) {
        return Linker.nativeLinker().downcallHandle(signature, Linker.Option.critical(false));
    }

    /**
     * What {@code maker} makes in a new shared arena, which it owns from then on; when it throws, all that is in the
     * arena goes.
     */
    static <T> T inArena(Function<Arena, T> maker) {
        Arena arena = Arena.ofShared();
        try {
            return maker.apply(arena);
        } catch (Throwable thrown) {
            arena.close();
            throw thrown;
        }
    }

    /** What a downcall threw. Native code throws nothing, so it is an error of the call itself. */
    static RuntimeException rethrow(Throwable thrown) {
        switch (thrown) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new LinkageError("downcall failed", thrown);
        }
    }
}
