package io.ovl.crypto.noise;

import org.bouncycastle.crypto.digests.Blake2sDigest;

import java.util.Arrays;

/**
 * HKDF over HMAC-BLAKE2s: the paper's KDF1, KDF2 and KDF3 (WireGuard whitepaper §5.4, RFC 5869).
 *
 * <p>Thread: any; stateless. Ownership: wipes what it computed on the way; BouncyCastle's digest wipes itself on
 * {@code doFinal}.
 */
final class Hkdf {
    static final int HASH_LENGTH = 32;

    private static final int BLOCK_LENGTH = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private Hkdf() {}

    /** Fills {@code output} with as many 32-byte keys as it has room for. */
    static void derive(byte[] chainingKey, byte[] input, byte[] output) {
        byte[] extracted = new byte[HASH_LENGTH];
        byte[] step = new byte[HASH_LENGTH + 1];
        hmac(chainingKey, input, 0, input.length, extracted, 0);
        for (int position = 0; position < output.length; position += HASH_LENGTH) {
            int previousLength = position == 0 ? 0 : HASH_LENGTH;
            System.arraycopy(output, position - previousLength, step, 0, previousLength);
            step[previousLength] = (byte) (position / HASH_LENGTH + 1);
            hmac(extracted, step, 0, previousLength + 1, output, position);
        }
        Arrays.fill(extracted, (byte) 0);
        Arrays.fill(step, (byte) 0);
    }

    /** HMAC (RFC 2104); {@code key} is at most one block long. */
    static void hmac(
            byte[] key, byte[] input, int offset, int length, byte[] output, int outputOffset) {
        Blake2sDigest digest = new Blake2sDigest(8 * HASH_LENGTH);
        byte[] block = new byte[BLOCK_LENGTH];
        byte[] inner = new byte[HASH_LENGTH];
        pad(key, INNER_PAD, block);
        digest.update(block, 0, BLOCK_LENGTH);
        digest.update(input, offset, length);
        digest.doFinal(inner, 0);
        pad(key, OUTER_PAD, block);
        digest.update(block, 0, BLOCK_LENGTH);
        digest.update(inner, 0, HASH_LENGTH);
        digest.doFinal(output, outputOffset);
        Arrays.fill(block, (byte) 0);
        Arrays.fill(inner, (byte) 0);
    }

    private static void pad(byte[] key, byte pad, byte[] block) {
        Arrays.fill(block, pad);
        for (int i = 0; i < key.length; i++) {
            block[i] ^= key[i];
        }
    }
}
