package io.ovl.crypto.key;

import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A static Curve25519 private key, off the heap.
 *
 * <p>Thread: any. Ownership: whoever holds it last closes it, which wipes it.
 */
public final class NoisePrivateKey implements AutoCloseable {
    public static final int LENGTH = 32;

    private final SecretCell cell;
    private final boolean isZero;

    private NoisePrivateKey(SecretCell cell, boolean isZero) {
        this.cell = cell;
        this.isZero = isZero;
    }

    /**
     * Copies and clamps 32 bytes (RFC 7748 §5); the caller wipes its copy. All zeros stay zeros: UAPI's word for "no
     * key".
     */
    public static NoisePrivateKey copyOf(byte[] source, int offset) {
        byte[] key = Arrays.copyOfRange(source, offset, offset + LENGTH);
        int bits = 0;
        for (byte b : key) {
            bits |= b;
        }
        if (bits != 0) {
            key[0] &= (byte) 248;
            key[31] = (byte) (key[31] & 127 | 64);
        }
        NoisePrivateKey result = new NoisePrivateKey(SecretCell.copyOf(key, 0), bits == 0);
        Arrays.fill(key, (byte) 0);
        return result;
    }

    public static NoisePrivateKey generate(RandomSource random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        NoisePrivateKey key = copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    /** Parses base64 or hexadecimal ASCII; null when the text is no key. The caller wipes the text. */
    public static @Nullable NoisePrivateKey parse(byte[] text, int offset, int length) {
        byte[] bytes = KeyText.decode(text, offset, length);
        if (bytes == null) {
            return null;
        }
        NoisePrivateKey key = copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    /** Whether this is UAPI's all-zero key, which means that there is none. */
    public boolean isZero() {
        return isZero;
    }

    /** Computes the public key: one scalar multiplication, tens of microseconds. */
    public NoisePublicKey publicKey() {
        byte[] scalar = new byte[LENGTH];
        byte[] point = new byte[LENGTH];
        cell.copyTo(scalar, 0);
        X25519.scalarMultBase(scalar, 0, point, 0);
        Arrays.fill(scalar, (byte) 0);
        return NoisePublicKey.copyOf(point, 0);
    }

    /** A second key of the same bytes, with an owner and a life of its own. */
    public NoisePrivateKey copy() {
        byte[] bytes = new byte[LENGTH];
        copyTo(bytes, 0);
        NoisePrivateKey copy = copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return copy;
    }

    /** Copies the bytes onto the heap; the caller wipes the copy as soon as it can. */
    public void copyTo(byte[] destination, int offset) {
        cell.copyTo(destination, offset);
    }

    @Override
    public void close() {
        cell.close();
    }
}
