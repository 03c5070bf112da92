package io.ovl.crypto.cookie;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

import java.util.Arrays;

/**
 * XChaCha20-Poly1305 with a random nonce of 24 bytes, for cookies only.
 *
 * <p>Thread: any; stateless. Wire: WireGuard whitepaper §5.4.7, draft-irtf-cfrg-xchacha.
 */
final class CookieAead {
    private static final int TAG_LENGTH = 16;

    private CookieAead() {}

    /** Returns ciphertext and tag. */
    static byte[] seal(byte[] key, byte[] nonce, byte[] additionalData, byte[] plaintext) {
        byte[] sealed = new byte[plaintext.length + TAG_LENGTH];
        if (!process(true, key, nonce, additionalData, plaintext, sealed)) {
            throw new IllegalStateException("sealing cannot fail");
        }
        return sealed;
    }

    /** Fills {@code plaintext}; when the tag does not verify it returns false and leaves zeros there. */
    static boolean open(
            byte[] key, byte[] nonce, byte[] additionalData, byte[] sealed, byte[] plaintext) {
        boolean isOpened = process(false, key, nonce, additionalData, sealed, plaintext);
        if (!isOpened) {
            Arrays.fill(plaintext, (byte) 0);
        }
        return isOpened;
    }

    private static boolean process(
            boolean isSealing,
            byte[] key,
            byte[] nonce,
            byte[] additionalData,
            byte[] input,
            byte[] output) {
        XChaCha20Poly1305 cipher = new XChaCha20Poly1305();
        cipher.init(isSealing, new ParametersWithIV(new KeyParameter(key), nonce));
        cipher.processAADBytes(additionalData, 0, additionalData.length);
        int written = cipher.processBytes(input, 0, input.length, output, 0);
        try {
            cipher.doFinal(output, written);
            return true;
        } catch (InvalidCipherTextException e) {
            return false;
        }
    }
}
