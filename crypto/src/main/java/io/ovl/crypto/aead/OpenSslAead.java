package io.ovl.crypto.aead;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * {@link Aead} by OpenSSL's EVP interface.
 *
 * <p>Each direction has a context that keeps its key from one packet to the next, and is keyed anew only for another
 * {@link AeadKey#id}.
 *
 * <p>Thread: one owner. Ownership: owns two {@code EVP_CIPHER_CTX}, which go with its arena. Errors: a packet that does
 * not authenticate leaves its unauthenticated plaintext at the destination; the tag is compared inside OpenSSL, in
 * constant time. Use after {@link #close} throws.
 */
final class OpenSslAead implements Aead {
    private static final int CONTROL_GET_TAG = 0x10;
    private static final int CONTROL_SET_TAG = 0x11;
    private static final int ENCRYPT = 1;
    private static final int DECRYPT = 0;
    private static final int KEEP_DIRECTION = -1;
    private static final long NO_KEY_ID = 0;

    private static final long SCRATCH_COUNTER_OFFSET = 4;
    private static final long SCRATCH_WRITTEN_OFFSET = 16;
    private static final long SCRATCH_ZERO_KEY_OFFSET = 32;
    private static final long SCRATCH_LENGTH = 64;
    private static final ValueLayout.OfLong COUNTER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final OpenSslLibrary library;
    private final Arena arena;
    private final MemorySegment scratch;
    private final long nonce;
    private final long written;
    private final long zeroKey;
    private final long sealContext;
    private final long openContext;
    private long sealKeyId = NO_KEY_ID;
    private long openKeyId = NO_KEY_ID;
    private boolean isClosed;

    private OpenSslAead(OpenSslLibrary library, Arena arena) {
        this.library = library;
        this.arena = arena;
        scratch = arena.allocate(SCRATCH_LENGTH, SCRATCH_LENGTH);
        nonce = scratch.address();
        written = scratch.address() + SCRATCH_WRITTEN_OFFSET;
        zeroKey = scratch.address() + SCRATCH_ZERO_KEY_OFFSET;
        sealContext = library.newContext(arena);
        openContext = library.newContext(arena);
        require(library.init(sealContext, library.cipher(), 0, 0, ENCRYPT));
        require(library.init(openContext, library.cipher(), 0, 0, DECRYPT));
    }

    static OpenSslAead open(OpenSslLibrary library) {
        return NativeLibrary.inArena(arena -> new OpenSslAead(library, arena));
    }

    @Override
    public void seal(AeadKey key, long counter, long source, int length, long destination) {
        if (length < 0) {
            throw new IllegalArgumentException("length is negative: " + length);
        }
        scratch.set(COUNTER, SCRATCH_COUNTER_OFFSET, counter);
        long id = key.id();
        long newKey = id == sealKeyId ? 0 : key.address();
        sealKeyId = NO_KEY_ID;
        require(library.init(sealContext, 0, newKey, nonce, KEEP_DIRECTION));
        sealKeyId = id;
        if (length > 0) {
            require(library.update(sealContext, destination, written, source, length));
        }
        long tag = destination + length;
        require(library.finish(sealContext, tag, written));
        require(library.control(sealContext, CONTROL_GET_TAG, TAG_LENGTH, tag));
    }

    @Override
    public boolean open(AeadKey key, long counter, long source, int length, long destination) {
        int plaintextLength = length - TAG_LENGTH;
        if (plaintextLength < 0) {
            return false;
        }
        scratch.set(COUNTER, SCRATCH_COUNTER_OFFSET, counter);
        long id = key.id();
        long newKey = id == openKeyId ? 0 : key.address();
        openKeyId = NO_KEY_ID;
        require(library.init(openContext, 0, newKey, nonce, KEEP_DIRECTION));
        openKeyId = id;
        require(
                library.control(
                        openContext, CONTROL_SET_TAG, TAG_LENGTH, source + plaintextLength));
        if (plaintextLength > 0) {
            require(library.update(openContext, destination, written, source, plaintextLength));
        }
        return library.finish(openContext, destination + plaintextLength, written);
    }

    @Override
    public void forgetKeys() {
        scratch.set(COUNTER, SCRATCH_COUNTER_OFFSET, 0);
        sealKeyId = NO_KEY_ID;
        openKeyId = NO_KEY_ID;
        require(library.init(sealContext, 0, zeroKey, nonce, KEEP_DIRECTION));
        require(library.init(openContext, 0, zeroKey, nonce, KEEP_DIRECTION));
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            arena.close();
        }
    }

    private static void require(boolean isSuccess) {
        if (!isSuccess) {
            throw new IllegalStateException("OpenSSL refused a ChaCha20-Poly1305 operation");
        }
    }
}
