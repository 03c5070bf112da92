package io.ovl.bench.scale;

import io.ovl.crypto.key.NoisePrivateKey;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The keys of a measurement, which protect nothing: each follows from its number, so that no process has to tell
 * another.
 *
 * <p>Thread: any; no state.
 */
final class ScaleKeys {
    /** The number of the daemon that is measured; its peers have 1 and up. */
    static final int HUB = 0;

    private ScaleKeys() {}

    static NoisePrivateKey privateKey(int number) {
        return NoisePrivateKey.copyOf(bytes(number), 0);
    }

    static byte[] bytes(int number) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("ovl scale".getBytes(StandardCharsets.US_ASCII));
            return digest.digest(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
