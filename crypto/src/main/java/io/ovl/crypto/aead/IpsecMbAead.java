package io.ovl.crypto.aead;

import static io.ovl.crypto.aead.IpsecMbLayout.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * {@link Aead} by Intel's multi-buffer crypto library, through its job interface.
 *
 * <p>ChaCha20-Poly1305 jobs complete when they are submitted, so there is never more than one in the manager, and the
 * nonce and the computed tag can share one scratch area. Batches go job by job as well, since the library has no
 * multi-buffer code for this cipher: its burst interface took 106 / 247 / 423 ns for 64 / 512 / 1,420 bytes where jobs
 * took 106 / 247 / 414.
 *
 * <p>Thread: one owner. Ownership: owns one {@code IMB_MGR}, which goes with its arena. Errors: a packet that does not
 * authenticate leaves its unauthenticated plaintext at the destination. Use after {@link #close} throws.
 */
final class IpsecMbAead implements Aead {
    private static final int NONCE_LENGTH = 12;
    private static final long SCRATCH_NONCE_OFFSET = 0;
    private static final long SCRATCH_COUNTER_OFFSET = 4;
    private static final long SCRATCH_TAG_OFFSET = 16;
    private static final long SCRATCH_LENGTH = 32;

    private static final ValueLayout.OfLong COUNTER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final MethodHandle JOB_FUNCTION =
            NativeLibrary.criticalDowncall(
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

    private final Arena arena;
    private final MemorySegment scratch;
    private final MemorySegment manager;
    private final MemorySegment getNextJob;
    private final MemorySegment submitJob;
    private boolean isClosed;

    private IpsecMbAead(IpsecMbLibrary library, Arena arena) {
        this.arena = arena;
        scratch = arena.allocate(SCRATCH_LENGTH, SCRATCH_LENGTH);
        manager = library.newManager(arena);
        getNextJob = function(GET_NEXT_JOB_OFFSET);
        submitJob = function(SUBMIT_JOB_NOCHECK_OFFSET);
    }

    static IpsecMbAead open(IpsecMbLibrary library) {
        return NativeLibrary.inArena(arena -> new IpsecMbAead(library, arena));
    }

    @Override
    public void seal(AeadKey key, long counter, long source, int length, long destination) {
        if (length < 0) {
            throw new IllegalArgumentException("length is negative: " + length);
        }
        process(
                DIRECTION_ENCRYPT,
                ORDER_CIPHER_HASH,
                key.address(),
                counter,
                source,
                length,
                destination,
                destination + length);
    }

    @Override
    public boolean open(AeadKey key, long counter, long source, int length, long destination) {
        int plaintextLength = length - TAG_LENGTH;
        if (plaintextLength < 0) {
            return false;
        }
        long computedTag = scratch.address() + SCRATCH_TAG_OFFSET;
        process(
                DIRECTION_DECRYPT,
                ORDER_HASH_CIPHER,
                key.address(),
                counter,
                source,
                plaintextLength,
                destination,
                computedTag);
        return RawMemory.isSameTag(source + plaintextLength, computedTag);
    }

    private void process(
            int direction,
            int order,
            long key,
            long counter,
            long source,
            int length,
            long destination,
            long tag) {
        scratch.set(COUNTER, SCRATCH_COUNTER_OFFSET, counter);
        long job = call(getNextJob);
        // Bounds-checked against the manager, which holds its jobs: a layout that is not ours
        // throws here.
        long at = job - manager.address();
        putLong(at + ENCRYPT_KEYS_OFFSET, key);
        putLong(at + DECRYPT_KEYS_OFFSET, key);
        putLong(at + KEY_LENGTH_OFFSET, AeadKey.LENGTH);
        putLong(at + SOURCE_OFFSET, source);
        putLong(at + DESTINATION_OFFSET, destination);
        putLong(at + CIPHER_START_OFFSET, 0);
        putLong(at + CIPHER_LENGTH_OFFSET, length);
        putLong(at + HASH_START_OFFSET, 0);
        putLong(at + HASH_LENGTH_OFFSET, length);
        putLong(at + NONCE_OFFSET, scratch.address() + SCRATCH_NONCE_OFFSET);
        putLong(at + NONCE_LENGTH_OFFSET, NONCE_LENGTH);
        putLong(at + TAG_OFFSET, tag);
        putLong(at + TAG_LENGTH_OFFSET, TAG_LENGTH);
        putLong(at + AAD_OFFSET, 0);
        putLong(at + AAD_LENGTH_OFFSET, 0);
        putInt(at + CIPHER_MODE_OFFSET, CIPHER_CHACHA20_POLY1305);
        putInt(at + CIPHER_DIRECTION_OFFSET, direction);
        putInt(at + HASH_ALGORITHM_OFFSET, AUTH_CHACHA20_POLY1305);
        putInt(at + CHAIN_ORDER_OFFSET, order);
        long completed = call(submitJob);
        if (completed != job
                || manager.get(ValueLayout.JAVA_INT, at + STATUS_OFFSET) != STATUS_COMPLETED) {
            throw new IllegalStateException("libIPSec_MB did not complete a job on submission");
        }
    }

    /** Nothing to do: a job takes the key where it lies, and is complete when it returns. */
    @Override
    public void forgetKeys() {}

    /** Idempotent. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            scratch.fill((byte) 0);
            arena.close();
        }
    }

    private MemorySegment function(long offset) {
        return MemorySegment.ofAddress(manager.get(ValueLayout.JAVA_LONG, offset));
    }

    private long call(MemorySegment function) {
        try {
            return (long) JOB_FUNCTION.invokeExact(function, manager.address());
        } catch (Throwable thrown) {
            throw NativeLibrary.rethrow(thrown);
        }
    }

    private void putLong(long offset, long value) {
        manager.set(ValueLayout.JAVA_LONG, offset, value);
    }

    private void putInt(long offset, int value) {
        manager.set(ValueLayout.JAVA_INT, offset, value);
    }
}
