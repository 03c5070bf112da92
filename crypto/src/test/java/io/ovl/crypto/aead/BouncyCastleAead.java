package io.ovl.crypto.aead;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The oracle: BouncyCastle's ChaCha20-Poly1305, itself held against Wycheproof and RFC 8439. */
final class BouncyCastleAead {
    private static final int TAG_BITS = 128;

    private BouncyCastleAead() {}

    /** Seals as WireGuard does. */
    static byte[] seal(byte[] key, long counter, byte[] plaintext) {
        byte[] nonce =
                ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4, counter).array();
        return seal(key, nonce, new byte[0], plaintext);
    }

    static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        try {
            return process(true, key, nonce, aad, plaintext);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError("sealing verifies nothing", e);
        }
    }

    static byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed)
            throws InvalidCipherTextException {
        return process(false, key, nonce, aad, sealed);
    }

    private static byte[] process(
            boolean isSealing, byte[] key, byte[] nonce, byte[] aad, byte[] input)
            throws InvalidCipherTextException {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(isSealing, new AEADParameters(new KeyParameter(key), TAG_BITS, nonce, aad));
        byte[] output = new byte[cipher.getOutputSize(input.length)];
        int written = cipher.processBytes(input, 0, input.length, output, 0);
        cipher.doFinal(output, written);
        return output;
    }
}
