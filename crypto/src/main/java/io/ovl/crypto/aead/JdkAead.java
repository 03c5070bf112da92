package io.ovl.crypto.aead;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@link Aead} by the JDK's own ChaCha20-Poly1305.
 *
 * <p>Packets are copied to a heap array and back, because {@link Cipher} copies from off-heap memory as well, and into
 * a new array each time. What remains allocated per packet, about 2,300 bytes on JDK 25, is the JDK's re-initialisation
 * for another nonce: parameters, an engine, a key stream for Poly1305 and copies of nonce and key; none of it can be
 * kept. A packet that does not authenticate costs an exception besides.
 *
 * <p>Thread: one owner. Ownership: copies of keys that it no longer holds stay on the heap until collected, beyond
 * anyone's reach to wipe. Errors: a packet that does not authenticate leaves the destination as it was. Sealing twice
 * in a row under one key and counter throws {@link IllegalStateException}: the JDK refuses the repeated nonce. Use
 * after {@link #close} throws.
 */
final class JdkAead implements Aead {
    static final String TRANSFORMATION = "ChaCha20-Poly1305";

    private static final String KEY_ALGORITHM = "ChaCha20";
    private static final int NONCE_LENGTH = 12;
    private static final int COUNTER_OFFSET = 4;
    private static final int INITIAL_CAPACITY = 2048;

    private final Cipher sealCipher;
    private final Cipher openCipher;
    private final CachedKey sealKey = new CachedKey();
    private final CachedKey openKey = new CachedKey();
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private final ByteBuffer nonceBuffer = ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] packet = new byte[INITIAL_CAPACITY];
    private boolean isClosed;

    JdkAead() throws GeneralSecurityException {
        sealCipher = Cipher.getInstance(TRANSFORMATION);
        openCipher = Cipher.getInstance(TRANSFORMATION);
    }

    @Override
    public void seal(AeadKey key, long counter, long source, int length, long destination) {
        if (length < 0) {
            throw new IllegalArgumentException("length is negative: " + length);
        }
        int sealedLength = Math.addExact(length, TAG_LENGTH);
        reserve(sealedLength);
        RawMemory.copyIn(source, packet, length);
        try {
            sealCipher.init(Cipher.ENCRYPT_MODE, sealKey.of(key), parameters(counter));
            sealCipher.doFinal(packet, 0, length, packet, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused to seal", e);
        }
        RawMemory.copyOut(packet, destination, sealedLength);
    }

    @Override
    public boolean open(AeadKey key, long counter, long source, int length, long destination) {
        if (length < TAG_LENGTH) {
            return false;
        }
        reserve(length);
        RawMemory.copyIn(source, packet, length);
        try {
            openCipher.init(Cipher.DECRYPT_MODE, openKey.of(key), parameters(counter));
            openCipher.doFinal(packet, 0, length, packet, 0);
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused to open", e);
        }
        RawMemory.copyOut(packet, destination, length - TAG_LENGTH);
        return true;
    }

    @Override
    public void forgetKeys() {
        requireOpen();
        sealKey.forget();
        openKey.forget();
        SecretKeySpec none = new SecretKeySpec(new byte[AeadKey.LENGTH], KEY_ALGORITHM);
        try {
            // To open with, because the JDK does not mind then that key and nonce were the same
            // before.
            sealCipher.init(Cipher.DECRYPT_MODE, none, parameters(0));
            openCipher.init(Cipher.DECRYPT_MODE, none, parameters(0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK refused another key", e);
        }
    }

    /** Wipes the packet buffer. Idempotent. */
    @Override
    public void close() {
        if (!isClosed) {
            forgetKeys();
            isClosed = true;
            Arrays.fill(packet, (byte) 0);
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("closed");
        }
    }

    private void reserve(int length) {
        requireOpen();
        if (length > packet.length) {
            Arrays.fill(packet, (byte) 0);
            packet = new byte[length];
        }
    }

    private IvParameterSpec parameters(long counter) {
        nonceBuffer.putLong(COUNTER_OFFSET, counter);
        return new IvParameterSpec(nonce);
    }

    /** The key last used, in the JDK's form. */
    private static final class CachedKey {
        private long id;
        private @Nullable SecretKeySpec spec;

        SecretKeySpec of(AeadKey key) {
            SecretKeySpec current = spec;
            if (current == null || id != key.id()) {
                byte[] bytes = new byte[AeadKey.LENGTH];
                RawMemory.copyIn(key.address(), bytes, bytes.length);
                current = new SecretKeySpec(bytes, KEY_ALGORITHM);
                Arrays.fill(bytes, (byte) 0);
                id = key.id();
                spec = current;
            }
            return current;
        }

        void forget() {
            spec = null;
        }
    }
}
