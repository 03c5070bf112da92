package io.ovl.crypto.key;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A peer's static Curve25519 public key (WireGuard whitepaper §5.4), the name by which everything knows the peer.
 *
 * <p>Thread: any; immutable.
 */
public final class NoisePublicKey {
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private NoisePublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies 32 bytes. */
    public static NoisePublicKey copyOf(byte[] source, int offset) {
        return new NoisePublicKey(Arrays.copyOfRange(source, offset, offset + LENGTH));
    }

    /** Parses base64 or hexadecimal; null when the text is no key. */
    public static @Nullable NoisePublicKey parse(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] key = KeyText.decode(ascii, 0, ascii.length);
        return key == null ? null : new NoisePublicKey(key);
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Copies the 32 bytes to {@code destination}. */
    public void copyTo(byte[] destination, int offset) {
        System.arraycopy(bytes, 0, destination, offset, LENGTH);
    }

    public String base64() {
        return new String(KeyText.encodeBase64(bytes), StandardCharsets.ISO_8859_1);
    }

    public String hex() {
        return new String(KeyText.encodeHex(bytes), StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NoisePublicKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The form of WireGuard's logs: {@code abcd…wxyz}. */
    @Override
    public String toString() {
        String base64 = base64();
        return base64.substring(0, 4) + "…" + base64.substring(39, 43);
    }
}
