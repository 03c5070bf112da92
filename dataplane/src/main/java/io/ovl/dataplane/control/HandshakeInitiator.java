package io.ovl.dataplane.control;

import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.WallClockGuard;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.stats.ConductorCounters;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Begins handshakes, and drops those that came to nothing (WireGuard whitepaper §5.4.2, §6.4).
 *
 * <p>An initiation that cannot be made, for want of an endpoint, say, is treated as one that was lost: it is tried
 * again like any other, and given up after as long.
 *
 * <p>Thread: the conductor.
 */
final class HandshakeInitiator {
    private final Clock clock;
    private final RandomSource random;
    private final LocalIndices indices;
    private final List<WorkerProxy> workers;
    private final HandshakeSender sender;
    private final ConductorCounters counters;
    private final WallClockGuard wallClockGuard;
    private final UnsafeBuffer out =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MessageInitiationFlyweight.LENGTH));

    HandshakeInitiator(
            Clock clock,
            RandomSource random,
            LocalIndices indices,
            List<WorkerProxy> workers,
            HandshakeSender sender,
            ConductorCounters counters) {
        this.clock = clock;
        this.random = random;
        this.indices = indices;
        this.workers = workers;
        this.sender = sender;
        this.counters = counters;
        wallClockGuard = new WallClockGuard(clock.wallTime(), clock.bootTimeNs());
    }

    /** Whether the wall clock is believable enough to put it into an initiation. */
    boolean isWallClockPlausible() {
        return wallClockGuard.isPlausible(clock.wallTime(), clock.bootTimeNs());
    }

    /**
     * A worker has found that the peer has no keypair, or that the one with the local index is too old. Which one it
     * was decides whether there is a better one meanwhile: the worker's clock and this thread's may disagree about a
     * keypair's age.
     */
    void onWanted(PeerControl control, int localIndex, long nowNs) {
        Keypair current = control.peer.keypairs().current();
        if (current != null && current.localIndex() != localIndex) {
            control.peer.isHandshakeWanted(false);
            for (WorkerProxy worker : workers) {
                worker.flushStaged(control.peer, false);
            }
            return;
        }
        control.timers.onHandshakeRequested();
        initiate(control, nowNs);
    }

    /** Initiates, now or when that is allowed again: whoever waits for the handshake does not ask a second time. */
    void initiate(PeerControl control, long nowNs) {
        control.initiateAtNs = 0;
        if (!control.timers.mayInitiate(nowNs)) {
            control.initiateAtNs = control.timers.initiationAllowedNs();
        } else if (!send(control, nowNs)) {
            control.timers.onInitiationImpossible(nowNs);
        }
    }

    private boolean send(PeerControl control, long nowNs) {
        Endpoint endpoint = control.peer.endpoint();
        if (!control.handshake.isUsable() || endpoint == null || !isWallClockPlausible()) {
            return false;
        }
        abandon(control);
        int index = indices.allocate(control);
        if (!control.handshake.createInitiation(
                out, 0, index, control.timestamps.next(clock.wallTime()), random)) {
            indices.release(index);
            return false;
        }
        control.handshakeIndex = index;
        control.hasHandshakeIndex = true;
        control.unansweredInitiations++;
        control.cookies.addMacs(out, 0, MessageInitiationFlyweight.LENGTH, nowNs);
        control.timers.onHandshakeInitiated(nowNs);
        sender.send(control, endpoint, out, MessageInitiationFlyweight.LENGTH, nowNs);
        counters.initiationSent();
        return true;
    }

    /** Forgets the handshake in flight and gives its index back. */
    void abandon(PeerControl control) {
        control.handshake.clear();
        if (control.hasHandshakeIndex) {
            indices.release(control.handshakeIndex);
            control.hasHandshakeIndex = false;
        }
    }
}
