package io.ovl.crypto.noise;

import io.ovl.crypto.key.SecretCell;

import org.bouncycastle.crypto.digests.Blake2sDigest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Noise's chaining key, hash and cipher key (Noise Protocol Framework §5.2), which both sides drive through the same
 * steps.
 *
 * <p>Thread: one owner. Ownership: the two keys are off the heap; {@link #close} wipes them. Errors: after a false
 * return the state is good for nothing but {@link #close}; work on a {@link #copy} where a failure must not count.
 */
final class SymmetricState implements AutoCloseable {
    static final int HASH_LENGTH = Hkdf.HASH_LENGTH;

    private static final byte[] PROTOCOL_NAME =
            "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WIREGUARD_PROLOGUE =
            "WireGuard v1 zx2c4 Jason@zx2c4.com".getBytes(StandardCharsets.US_ASCII);

    private final byte[] hash;
    private SecretCell chainingKey;
    private SecretCell cipherKey;

    private SymmetricState(byte[] hash, SecretCell chainingKey, SecretCell cipherKey) {
        this.hash = hash;
        this.chainingKey = chainingKey;
        this.cipherKey = cipherKey;
    }

    /** The state before the first message of a WireGuard handshake. */
    static SymmetricState create() {
        return create(PROTOCOL_NAME, WIREGUARD_PROLOGUE);
    }

    /** The state before the first message of the protocol {@code name}, which is longer than a hash. */
    static SymmetricState create(byte[] name, byte[] prologue) {
        byte[] hash = new byte[HASH_LENGTH];
        Blake2sDigest digest = new Blake2sDigest(8 * HASH_LENGTH);
        digest.update(name, 0, name.length);
        digest.doFinal(hash, 0);
        SymmetricState state =
                new SymmetricState(
                        hash,
                        SecretCell.copyOf(hash, 0),
                        SecretCell.copyOf(new byte[HASH_LENGTH], 0));
        state.mixHash(prologue);
        return state;
    }

    /** An independent copy. */
    SymmetricState copy() {
        return new SymmetricState(hash.clone(), duplicate(chainingKey), duplicate(cipherKey));
    }

    /** Hashes {@code data} into the transcript. */
    void mixHash(byte[] data) {
        Blake2sDigest digest = new Blake2sDigest(8 * HASH_LENGTH);
        digest.update(hash, 0, HASH_LENGTH);
        digest.update(data, 0, data.length);
        digest.doFinal(hash, 0);
    }

    /** Mixes {@code input} into the chaining key and derives a fresh cipher key. */
    void mixKey(byte[] input) {
        byte[] keys = derive(input, 2);
        replaceKeys(keys, HASH_LENGTH);
        Arrays.fill(keys, (byte) 0);
    }

    /** Hashes an ephemeral public key and mixes it into the keys, as a PSK pattern demands of the token {@code e}. */
    void mixEphemeral(byte[] publicKey) {
        mixHash(publicKey);
        mixKey(publicKey);
    }

    /** Mixes a shared secret into the keys; false when it is zero, because the public key was of low order. */
    boolean mixAgreement(SecretCell privateKey, byte[] publicKey) {
        byte[] shared = new byte[HASH_LENGTH];
        boolean isContributory = Agreement.compute(privateKey, publicKey, shared);
        if (isContributory) {
            mixKey(shared);
        }
        Arrays.fill(shared, (byte) 0);
        return isContributory;
    }

    /** Mixes a shared secret that was computed before. */
    void mixAgreement(SecretCell precomputed) {
        byte[] shared = new byte[HASH_LENGTH];
        precomputed.copyTo(shared, 0);
        mixKey(shared);
        Arrays.fill(shared, (byte) 0);
    }

    /** Mixes a preshared key into chaining key, transcript and cipher key. */
    void mixPresharedKey(byte[] presharedKey) {
        byte[] keys = derive(presharedKey, 3);
        byte[] transcript = Arrays.copyOfRange(keys, HASH_LENGTH, 2 * HASH_LENGTH);
        mixHash(transcript);
        replaceKeys(keys, 2 * HASH_LENGTH);
        Arrays.fill(keys, (byte) 0);
        Arrays.fill(transcript, (byte) 0);
    }

    /** Seals {@code plaintext} under the cipher key and hashes the result into the transcript. */
    byte[] encryptAndHash(byte[] plaintext) {
        byte[] key = heapCopy(cipherKey);
        byte[] sealed = HandshakeAead.seal(key, hash, plaintext);
        Arrays.fill(key, (byte) 0);
        mixHash(sealed);
        return sealed;
    }

    /**
     * Opens {@code sealed} into {@code plaintext} and hashes it into the transcript; false when the tag does not
     * verify.
     */
    boolean decryptAndHash(byte[] sealed, byte[] plaintext) {
        byte[] key = heapCopy(cipherKey);
        boolean isOpened = HandshakeAead.open(key, hash, sealed, plaintext);
        Arrays.fill(key, (byte) 0);
        if (isOpened) {
            mixHash(sealed);
        }
        return isOpened;
    }

    /** The transport keys, initiator's sending key first; the caller wipes them. */
    byte[] split() {
        return derive(new byte[0], 2);
    }

    /** A copy of the transcript hash. */
    byte[] hash() {
        return hash.clone();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        chainingKey.close();
        cipherKey.close();
    }

    private byte[] derive(byte[] input, int count) {
        byte[] key = heapCopy(chainingKey);
        byte[] keys = new byte[count * HASH_LENGTH];
        Hkdf.derive(key, input, keys);
        Arrays.fill(key, (byte) 0);
        return keys;
    }

    private void replaceKeys(byte[] keys, int cipherKeyOffset) {
        close();
        chainingKey = SecretCell.copyOf(keys, 0);
        cipherKey = SecretCell.copyOf(keys, cipherKeyOffset);
    }

    private static byte[] heapCopy(SecretCell cell) {
        byte[] bytes = new byte[SecretCell.LENGTH];
        cell.copyTo(bytes, 0);
        return bytes;
    }

    private static SecretCell duplicate(SecretCell cell) {
        byte[] bytes = heapCopy(cell);
        SecretCell duplicate = SecretCell.copyOf(bytes, 0);
        Arrays.fill(bytes, (byte) 0);
        return duplicate;
    }
}
