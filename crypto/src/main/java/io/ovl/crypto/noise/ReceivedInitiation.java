package io.ovl.crypto.noise;

import io.ovl.crypto.key.NoisePublicKey;

/**
 * An initiation whose sender's static key is known but not yet proven: {@link Handshake#accept} of that peer decides.
 *
 * <p>Thread: one owner. Ownership: {@link #close} wipes the chaining state; to be called whatever the verdict.
 */
public final class ReceivedInitiation implements AutoCloseable {
    private final int senderIndex;
    private final NoisePublicKey remoteStatic;
    private final byte[] remoteEphemeral;
    private final byte[] sealedTimestamp;
    private final SymmetricState state;

    ReceivedInitiation(
            int senderIndex,
            NoisePublicKey remoteStatic,
            byte[] remoteEphemeral,
            byte[] sealedTimestamp,
            SymmetricState state) {
        this.senderIndex = senderIndex;
        this.remoteStatic = remoteStatic;
        this.remoteEphemeral = remoteEphemeral;
        this.sealedTimestamp = sealedTimestamp;
        this.state = state;
    }

    /** The static key that the sender claims; look the peer up by it. */
    public NoisePublicKey remoteStatic() {
        return remoteStatic;
    }

    public int senderIndex() {
        return senderIndex;
    }

    byte[] remoteEphemeral() {
        return remoteEphemeral;
    }

    byte[] sealedTimestamp() {
        return sealedTimestamp;
    }

    SymmetricState state() {
        return state;
    }

    /** Wipes the chaining state. Idempotent. */
    @Override
    public void close() {
        state.close();
    }
}
