package io.ovl.crypto.noise;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

import java.util.Arrays;

/**
 * ChaCha20-Poly1305 with the nonce zero, for the few bytes that a handshake encrypts under each of its keys.
 *
 * <p>Thread: any; stateless. Ownership: wipes its copies of the key, those inside BouncyCastle's objects included.
 */
final class HandshakeAead {
    static final int TAG_LENGTH = 16;

    private static final int KEY_LENGTH = 32;
    private static final byte[] NONCE = new byte[12];

    /** Only there to be refused reuse by BouncyCastle's check when the engine is keyed with zeros. */
    private static final byte[] WIPING_NONCE = new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private HandshakeAead() {}

    /** Returns ciphertext and tag. */
    static byte[] seal(byte[] key, byte[] additionalData, byte[] plaintext) {
        byte[] sealed = new byte[plaintext.length + TAG_LENGTH];
        if (!process(true, key, additionalData, plaintext, sealed)) {
            throw new IllegalStateException("sealing cannot fail");
        }
        return sealed;
    }

    /** Fills {@code plaintext}; when the tag does not verify it returns false and leaves zeros there. */
    static boolean open(byte[] key, byte[] additionalData, byte[] sealed, byte[] plaintext) {
        boolean isOpened = process(false, key, additionalData, sealed, plaintext);
        if (!isOpened) {
            Arrays.fill(plaintext, (byte) 0);
        }
        return isOpened;
    }

    private static boolean process(
            boolean isSealing, byte[] key, byte[] additionalData, byte[] input, byte[] output) {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        KeyParameter parameter = new KeyParameter(key);
        try {
            cipher.init(isSealing, new ParametersWithIV(parameter, NONCE));
            cipher.processAADBytes(additionalData, 0, additionalData.length);
            int written = cipher.processBytes(input, 0, input.length, output, 0);
            cipher.doFinal(output, written);
            return true;
        } catch (InvalidCipherTextException e) {
            return false;
        } finally {
            Arrays.fill(parameter.getKey(), (byte) 0);
            cipher.init(
                    true,
                    new ParametersWithIV(new KeyParameter(new byte[KEY_LENGTH]), WIPING_NONCE));
        }
    }
}
