package io.ovl.dataplane.peer;

import io.ovl.crypto.noise.Keypair;

/**
 * What a receiver index stands for: a keypair and the peer it belongs to.
 *
 * <p>Thread: any; immutable.
 */
public record Session(Peer peer, Keypair keypair) {}
