package io.ovl.crypto.aead;

/**
 * ChaCha20-Poly1305 (RFC 8439) over off-heap memory, as WireGuard's data messages use it: no additional data, a nonce
 * of four zero bytes followed by the counter in little-endian order.
 *
 * <p>Thread: one owner; every worker has its own. Ownership: borrows all memory for the length of a call.
 * Units: lengths are bytes. Source and destination may be the same address or must not overlap.
 */
public interface Aead extends AutoCloseable {
    /** Length of the authentication tag in bytes. */
    int TAG_LENGTH = 16;

    /** Writes {@code length} bytes of ciphertext and the tag to {@code destination}. */
    void seal(AeadKey key, long counter, long source, int length, long destination);

    /**
     * Opens {@code length} bytes of ciphertext with tag, writing {@code length - 16} bytes.
     *
     * @return whether the tag verified; when it did not, the bytes at the destination are undefined and must not be
     *     used
     */
    boolean open(AeadKey key, long counter, long source, int length, long destination);

    /** Seals every entry of the batch, in order. */
    default void seal(AeadBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            seal(
                    batch.key(i),
                    batch.counter(i),
                    batch.source(i),
                    batch.length(i),
                    batch.destination(i));
        }
    }

    /** Opens every entry of the batch, in order, and notes for each whether its tag verified. */
    default void open(AeadBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            batch.verified(
                    i,
                    open(
                            batch.key(i),
                            batch.counter(i),
                            batch.source(i),
                            batch.length(i),
                            batch.destination(i)));
        }
    }

    /**
     * Wipes what it holds of keys from one packet to the next; the next packet brings its own. Called when a key is
     * retired.
     */
    void forgetKeys();

    /** Releases native state and wipes what it holds of keys. Idempotent. */
    @Override
    void close();
}
