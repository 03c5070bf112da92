package io.ovl.crypto.noise;

/** Where keypairs go that no slot holds any more: it frees the index, waits for the workers and closes. */
@FunctionalInterface
public interface KeypairRetirement {
    /** Takes ownership of {@code keypair}. */
    void onRetired(Keypair keypair);
}
