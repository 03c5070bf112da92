package io.ovl.dataplane.path;

import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells the conductor, through the one bounded ring that all workers share. The conductor's {@code onXxx}
 * methods are the other end.
 *
 * <p>Thread: its worker. Ownership: copies what it is given. Drops: HANDSHAKE_QUEUE_FULL.
 */
public final class ConductorProxy {
    private final RingBuffer ring;
    private final Runnable wakeup;
    private final WorkerCounters counters;

    /**
     * @param wakeup ends the conductor's wait; callable from any thread
     */
    public ConductorProxy(RingBuffer ring, Runnable wakeup, WorkerCounters counters) {
        this.ring = ring;
        this.wakeup = wakeup;
        this.counters = counters;
    }

    /** Passes on a handshake message of message {@code index} of the batch. */
    void handshakeMessage(ReceiveBatch batch, int index, int offset, int length) {
        int claim =
                ring.tryClaim(
                        ConductorMessageFlyweight.HANDSHAKE_MESSAGE,
                        ConductorMessageFlyweight.HANDSHAKE_HEADER_LENGTH + length);
        if (claim < 0) {
            counters.drop(DropReason.HANDSHAKE_QUEUE_FULL);
            return;
        }
        ConductorMessageFlyweight.putHandshakeMessage(
                ring.buffer(), claim, batch, index, offset, length);
        ring.commit(claim);
        counters.add(WorkerCounter.HANDSHAKES_PASSED, 1);
        wakeup.run();
    }

    /**
     * Asks for a handshake with the peer, unless one is already wanted.
     *
     * @param keypair the one that will not do any more; null when there is none
     */
    void handshakeWanted(Peer peer, @Nullable Keypair keypair) {
        if (peer.isHandshakeWanted() || peer.isRemoved()) {
            return;
        }
        // First, because the conductor may read the wish, and clear the mark, before tell returns.
        peer.isHandshakeWanted(true);
        int localIndex = keypair == null ? 0 : keypair.localIndex();
        if (!tell(ConductorMessageFlyweight.HANDSHAKE_WANTED, peer.id(), localIndex)) {
            peer.isHandshakeWanted(false);
        }
    }

    /**
     * Says that the peer's current keypair has received its first authenticated message. If the ring is full, the
     * conductor finds out at its next visit to the peer's timers.
     */
    void keypairConfirmed(Peer peer) {
        tell(ConductorMessageFlyweight.KEYPAIR_CONFIRMED, peer.id(), 0);
    }

    /** Ends the conductor's wait: something is on a ring for it. */
    void wake() {
        wakeup.run();
    }

    /**
     * Says that a device has been deleted: the TAP with that port, or with {@link Port#NONE} the TUN. False when the
     * ring is full: nobody else would say so, so the caller says it again.
     */
    boolean deviceGone(int portId) {
        return tell(ConductorMessageFlyweight.DEVICE_GONE, 0, portId);
    }

    private boolean tell(int typeId, int peerId, int value) {
        int claim = ring.tryClaim(typeId, ConductorMessageFlyweight.PEER_MESSAGE_LENGTH);
        if (claim < 0) {
            return false;
        }
        UnsafeBuffer buffer = (UnsafeBuffer) ring.buffer();
        buffer.putInt(claim + ConductorMessageFlyweight.PEER_ID_OFFSET, peerId);
        buffer.putInt(claim + ConductorMessageFlyweight.VALUE_OFFSET, value);
        ring.commit(claim);
        wakeup.run();
        return true;
    }
}
