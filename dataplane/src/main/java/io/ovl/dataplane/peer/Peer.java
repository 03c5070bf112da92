package io.ovl.dataplane.peer;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypairs;
import io.ovl.crypto.noise.ProtocolLimits;
import io.ovl.dataplane.io.Endpoint;

import org.jspecify.annotations.Nullable;

/**
 * What the packet paths know of a peer.
 *
 * <p>Thread: any. The conductor rotates keypairs; workers confirm them, note activity, count bytes and follow the
 * endpoint of authenticated packets. Each worker has a staged queue and a byte count of its own.
 */
public final class Peer {
    private final int id;
    private final NoisePublicKey publicKey;
    private final Keypairs keypairs = new Keypairs();
    private final PeerActivity activity = new PeerActivity();
    private final ByteCounts bytes;
    private final StagedPackets[] staged;
    private volatile @Nullable Endpoint endpoint;
    private volatile boolean isHandshakeWanted;
    private volatile boolean isRemoved;
    private volatile int portId;

    /** A peer under a number that no living peer has, staged on {@code workerCount} workers. */
    public Peer(int id, NoisePublicKey publicKey, int workerCount) {
        this.id = id;
        this.publicKey = publicKey;
        bytes = new ByteCounts(workerCount);
        staged = new StagedPackets[workerCount];
        int capacity =
                Integer.highestOneBit(Math.max(1, ProtocolLimits.MAX_STAGED_PACKETS / workerCount));
        for (int i = 0; i < workerCount; i++) {
            staged[i] = new StagedPackets(capacity);
        }
    }

    public int id() {
        return id;
    }

    public NoisePublicKey publicKey() {
        return publicKey;
    }

    public Keypairs keypairs() {
        return keypairs;
    }

    public PeerActivity activity() {
        return activity;
    }

    /** The queue that belongs to one worker. */
    public StagedPackets staged(int workerIndex) {
        return staged[workerIndex];
    }

    public @Nullable Endpoint endpoint() {
        return endpoint;
    }

    /** Set from configuration, or to where an authenticated message came from. */
    public void endpoint(@Nullable Endpoint value) {
        endpoint = value;
    }

    /** Whether a worker has asked for a handshake that has neither completed nor been given up. */
    public boolean isHandshakeWanted() {
        return isHandshakeWanted;
    }

    public void isHandshakeWanted(boolean value) {
        isHandshakeWanted = value;
    }

    /** Whether the peer is no longer configured: nothing of it is staged or asked for any more. */
    public boolean isRemoved() {
        return isRemoved;
    }

    public void markRemoved() {
        isRemoved = true;
    }

    /** The peer's port of the switch, 0 when it has none. */
    public int portId() {
        return portId;
    }

    public void portId(int value) {
        portId = value;
    }

    /** Bytes received from it and sent to it. */
    public ByteCounts bytes() {
        return bytes;
    }

    /** The shortened public key. */
    @Override
    public String toString() {
        return "peer(" + publicKey + ")";
    }
}
