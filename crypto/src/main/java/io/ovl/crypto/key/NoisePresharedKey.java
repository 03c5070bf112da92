package io.ovl.crypto.key;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * A preshared symmetric key (WireGuard whitepaper §5.2), off the heap. All zeros mean that there is none.
 *
 * <p>Thread: any. Ownership: whoever holds it last closes it, which wipes it.
 */
public final class NoisePresharedKey implements AutoCloseable {
    public static final int LENGTH = 32;

    private final SecretCell cell;
    private final boolean isZero;

    private NoisePresharedKey(SecretCell cell, boolean isZero) {
        this.cell = cell;
        this.isZero = isZero;
    }

    /** Copies 32 bytes; the caller wipes its copy. */
    public static NoisePresharedKey copyOf(byte[] source, int offset) {
        byte[] key = Arrays.copyOfRange(source, offset, offset + LENGTH);
        int bits = 0;
        for (byte b : key) {
            bits |= b;
        }
        NoisePresharedKey result = new NoisePresharedKey(SecretCell.copyOf(key, 0), bits == 0);
        Arrays.fill(key, (byte) 0);
        return result;
    }

    public static NoisePresharedKey generate(RandomSource random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        NoisePresharedKey key = copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    /** Parses base64 or hexadecimal ASCII; null when the text is no key. The caller wipes the text. */
    public static @Nullable NoisePresharedKey parse(byte[] text, int offset, int length) {
        byte[] bytes = KeyText.decode(text, offset, length);
        if (bytes == null) {
            return null;
        }
        NoisePresharedKey key = copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    /** Whether this is the all-zero key, which means that there is none. */
    public boolean isZero() {
        return isZero;
    }

    /** A second key of the same bytes, with an owner and a life of its own. */
    public NoisePresharedKey copy() {
        byte[] bytes = new byte[LENGTH];
        copyTo(bytes, 0);
        NoisePresharedKey copy = copyOf(bytes, 0);
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
