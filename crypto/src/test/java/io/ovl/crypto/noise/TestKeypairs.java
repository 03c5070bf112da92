package io.ovl.crypto.noise;

import io.ovl.crypto.aead.AeadKey;

/** Keypairs with keys of no meaning. */
final class TestKeypairs {
    private TestKeypairs() {}

    static Keypair initiator(long createdNs) {
        return create(createdNs, true);
    }

    static Keypair responder(long createdNs) {
        return create(createdNs, false);
    }

    private static Keypair create(long createdNs, boolean isInitiator) {
        return new Keypair(
                new AeadKey(new byte[32], 0),
                new AeadKey(new byte[32], 0),
                1,
                2,
                createdNs,
                isInitiator);
    }
}
