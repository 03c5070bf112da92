package io.ovl.crypto.aead;

import io.ovl.crypto.key.SecretCell;

/**
 * One direction's key of a keypair, off the heap.
 *
 * <p>Thread: any; the bytes never change between construction and {@link #close}. Ownership: owns its cell; whoever
 * retires the keypair closes the key once no worker can still hold it.
 */
public final class AeadKey implements AutoCloseable {
    /** Length of a ChaCha20-Poly1305 key in bytes. */
    public static final int LENGTH = 32;

    private final SecretCell cell;

    /** Copies 32 bytes out of {@code source}; the caller wipes its own copy. */
    public AeadKey(byte[] source, int offset) {
        cell = SecretCell.copyOf(source, offset);
    }

    /** Address of the 32 key bytes. */
    public long address() {
        return cell.address();
    }

    /**
     * A number no other key of this process has: providers that cache an expanded key compare this, never the address.
     */
    public long id() {
        return cell.id();
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void close() {
        cell.close();
    }
}
