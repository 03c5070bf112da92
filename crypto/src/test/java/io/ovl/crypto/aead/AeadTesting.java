package io.ovl.crypto.aead;

import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Providers and bytes for the tests of this package. */
final class AeadTesting {
    private AeadTesting() {}

    /** The named provider. Where it is not available, CI fails and any other machine skips the test. */
    static AeadProvider provider(String name) {
        try {
            return AeadProviders.select(name);
        } catch (AeadUnavailableException e) {
            if (System.getenv("CI") != null) {
                throw e;
            }
            return abort(String.valueOf(e.getMessage()));
        }
    }

    static byte[] seal(Aead aead, AeadKey key, long counter, byte[] plaintext, Memory memory) {
        memory.source().copyFrom(MemorySegment.ofArray(plaintext));
        aead.seal(
                key,
                counter,
                memory.source().address(),
                plaintext.length,
                memory.destination().address());
        return bytes(memory.destination(), plaintext.length + Aead.TAG_LENGTH);
    }

    static byte[] bytes(MemorySegment segment, int length) {
        return segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    record Memory(MemorySegment source, MemorySegment destination) {}
}
