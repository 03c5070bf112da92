package io.ovl.dataplane.path;

import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentTable;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound path from a known peer on: <b>stage</b> when there is no usable keypair, else transmit; <b>release</b>.
 *
 * <p>Thread: its worker. Ownership: takes slots; a staged packet keeps its slot until it is transmitted or displaced.
 * Drops: NO_PEER, and those of {@link StagingArea} and {@link Transmitter}.
 */
final class PeerSender {
    private final PacketPool pool;
    private final UnsafeBuffer buffer;
    private final Transmitter transmitter;
    private final ConductorProxy conductor;
    private final WorkerCounters counters;
    private final StagingArea staging;
    private final SegmentTable segments;
    private final TunnelTargets targets;
    private final OutboundPacket stagedPacket = new OutboundPacket();

    PeerSender(
            int workerIndex,
            PacketPool pool,
            SwitchTables tables,
            Transmitter transmitter,
            ConductorProxy conductor,
            WorkerCounters counters) {
        this.staging = new StagingArea(workerIndex, pool, counters);
        this.pool = pool;
        this.buffer = pool.buffer();
        segments = tables.segments();
        targets = tables.targets();
        this.transmitter = transmitter;
        this.conductor = conductor;
        this.counters = counters;
    }

    /** Transmits or stages a packet; takes its slot. */
    void submit(Peer peer, Endpoint endpoint, OutboundPacket packet, long nowNs) {
        Keypair keypair = peer.keypairs().current();
        if (keypair == null || keypair.isExpired(nowNs)) {
            stage(peer, keypair, packet);
            return;
        }
        if (!staging.isEmpty(peer)) {
            transmitStaged(peer, keypair, endpoint, nowNs);
        }
        transmit(peer, keypair, endpoint, packet, nowNs);
    }

    private void transmit(
            Peer peer, Keypair keypair, Endpoint endpoint, OutboundPacket packet, long nowNs) {
        int count = transmitter.transmit(peer, keypair, endpoint, buffer, packet);
        pool.release(packet.slot());
        if (count > 0) {
            peer.activity().onDataSent(nowNs);
        }
        if (keypair.needsRekeyOnSend(nowNs)) {
            conductor.handshakeWanted(peer, keypair);
        }
    }

    private void stage(Peer peer, @Nullable Keypair keypair, OutboundPacket packet) {
        if (peer.isRemoved()) {
            // Looked up before it went; nobody would ever take the packet out again.
            counters.drop(DropReason.NO_PEER);
            pool.release(packet.slot());
            return;
        }
        staging.stage(peer, packet);
        conductor.handshakeWanted(peer, keypair);
    }

    /**
     * Sends what waited for a handshake; or, if nothing did and the keypair is to be confirmed, a keepalive. If the
     * keypair is gone again, what waits goes on waiting, for the next.
     */
    void onFlushStaged(Peer peer, boolean keepaliveIfEmpty, long nowNs) {
        Keypair keypair = peer.keypairs().current();
        Endpoint endpoint = peer.endpoint();
        boolean isEmpty = staging.isEmpty(peer);
        if (keypair == null || keypair.isExpired(nowNs)) {
            if (!isEmpty) {
                conductor.handshakeWanted(peer, keypair);
            }
        } else if (isEmpty && keepaliveIfEmpty) {
            onSendKeepalive(peer, nowNs);
        } else if (endpoint != null) {
            transmitStaged(peer, keypair, endpoint, nowNs);
            transmitter.flush();
        }
    }

    private void transmitStaged(Peer peer, Keypair keypair, Endpoint endpoint, long nowNs) {
        while (staging.poll(peer, stagedPacket)) {
            if (stagedPacket.linkLength() == 0 || isStillPort(peer, stagedPacket)) {
                transmit(peer, keypair, endpoint, stagedPacket, nowNs);
            } else {
                counters.drop(DropReason.NO_PEER);
                pool.release(stagedPacket.slot());
            }
        }
    }

    /**
     * Whether a frame may go where it was meant to when it was staged, which is long enough ago for its segment to have
     * changed.
     */
    @SuppressWarnings("ReferenceEquality") // a peer that takes another form has another encap
    private boolean isStillPort(Peer peer, OutboundPacket frame) {
        Segment segment = segments.segment(frame.vni());
        int portId = peer.portId();
        return segment != null
                && segment.hasPort(portId)
                && targets.target(portId) instanceof PeerTarget target
                && target.encap() == frame.encap();
    }

    /** Sends a keepalive, or asks for a handshake when there is no keypair to seal it with. */
    void onSendKeepalive(Peer peer, long nowNs) {
        Keypair keypair = peer.keypairs().current();
        Endpoint endpoint = peer.endpoint();
        if (endpoint == null) {
            return;
        }
        if (keypair == null || keypair.isExpired(nowNs)) {
            conductor.handshakeWanted(peer, keypair);
            return;
        }
        if (transmitter.transmitKeepalive(peer, keypair, endpoint)) {
            peer.activity().onAuthenticatedSent(nowNs);
            transmitter.flush();
        }
        if (keypair.needsRekeyOnSend(nowNs)) {
            conductor.handshakeWanted(peer, keypair);
        }
    }

    /**
     * Drops what waits for a handshake that will not come. If a packet has asked for another in the meantime, all wait
     * for that: the conductor clears the mark before it gives this command.
     */
    void onDropStaged(Peer peer) {
        if (!peer.isHandshakeWanted() || peer.isRemoved()) {
            staging.dropAll(peer);
        }
    }
}
