package io.ovl.dataplane.control;

import io.ovl.crypto.noise.PeerTimers;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.PeerActivity;

import java.util.List;

/**
 * Brings what workers noted to each peer's timers, and does what is due.
 *
 * <p>A peer with a session or a running timer is visited at its next deadline, and at the latest after five seconds:
 * the facts that workers note start no timer shorter than ten.
 *
 * <p>Thread: the conductor.
 */
final class TimerDriver {
    private static final long MAX_VISIT_INTERVAL_NS = 5_000_000_000L;

    private final PeerRegistry peers;
    private final HandshakeExchange handshakes;
    private final HandshakeInitiator initiator;
    private final Sessions sessions;
    private final EndpointResolver resolver;
    private final List<WorkerProxy> workers;
    private final DeadlineQueue deadlines = new DeadlineQueue();

    TimerDriver(
            PeerRegistry peers,
            HandshakeExchange handshakes,
            HandshakeInitiator initiator,
            Sessions sessions,
            EndpointResolver resolver,
            List<WorkerProxy> workers) {
        this.peers = peers;
        this.handshakes = handshakes;
        this.initiator = initiator;
        this.sessions = sessions;
        this.resolver = resolver;
        this.workers = workers;
    }

    /** When the next peer is to be visited. */
    long nextDeadlineNs() {
        return deadlines.nextNs();
    }

    /** Visits every peer whose time has come. Returns how many. */
    int poll(long nowNs) {
        int count = 0;
        for (int id = deadlines.pollDue(nowNs); id >= 0; id = deadlines.pollDue(nowNs)) {
            PeerControl control = peers.byId(id);
            if (control != null) {
                visit(control, nowNs);
                count++;
            }
        }
        return count;
    }

    /** Something of the peer's changed: its timers are looked at again. */
    void visit(PeerControl control, long nowNs) {
        handshakes.completeIfConfirmed(control, nowNs);
        bringFacts(control);
        int due = control.timers.expire(nowNs);
        if (due != 0) {
            act(control, due, nowNs);
        }
        if (control.initiateAtNs != 0 && nowNs - control.initiateAtNs >= 0) {
            initiator.initiate(control, nowNs);
        }
        schedule(control, nowNs);
    }

    /** The peer is gone, or has nothing to wait for. */
    void forget(PeerControl control) {
        deadlines.set(control.peer.id(), DeadlineQueue.NONE);
    }

    private void schedule(PeerControl control, long nowNs) {
        long deadlineNs = control.timers.nextDeadlineNs();
        boolean hasSession =
                control.peer.keypairs().current() != null || control.peer.keypairs().next() != null;
        if (control.initiateAtNs != 0) {
            deadlineNs = Math.min(deadlineNs, control.initiateAtNs);
        }
        if (hasSession) {
            deadlineNs = Math.min(deadlineNs, nowNs + MAX_VISIT_INTERVAL_NS);
        }
        deadlines.set(control.peer.id(), deadlineNs);
    }

    private static void bringFacts(PeerControl control) {
        PeerActivity activity = control.peer.activity();
        PeerTimers timers = control.timers;
        PeerControl.SeenActivity seen = control.seen;
        long receivedNs = activity.authenticatedReceivedNs();
        if (receivedNs != seen.receivedNs) {
            seen.receivedNs = receivedNs;
            timers.onAuthenticatedPacketReceived(receivedNs);
            timers.onAuthenticatedPacketTraversal(receivedNs);
        }
        long unacknowledgedSinceNs = activity.unacknowledgedSinceNs();
        if (unacknowledgedSinceNs != 0 && unacknowledgedSinceNs != seen.unacknowledgedSinceNs) {
            seen.unacknowledgedSinceNs = unacknowledgedSinceNs;
            timers.onDataReceived(unacknowledgedSinceNs);
            timers.onDataReceived(activity.dataReceivedNs());
        }
        long sentNs = activity.authenticatedSentNs();
        if (sentNs != seen.sentNs) {
            seen.sentNs = sentNs;
            timers.onAuthenticatedPacketSent(sentNs);
            timers.onAuthenticatedPacketTraversal(sentNs);
        }
        long unansweredSinceNs = activity.unansweredSinceNs();
        if (unansweredSinceNs != 0) {
            if (unansweredSinceNs != seen.unansweredSinceNs) {
                seen.unansweredSinceNs = unansweredSinceNs;
                timers.onDataSent(unansweredSinceNs);
            }
            // Data that goes on being sent after the new handshake came due starts that timer
            // again.
            long dataSentNs = activity.dataSentNs();
            if (dataSentNs != seen.dataSentNs) {
                seen.dataSentNs = dataSentNs;
                timers.onDataSent(dataSentNs);
            }
        }
    }

    private void act(PeerControl control, int due, long nowNs) {
        if ((due & PeerTimers.ZERO_KEYS) != 0) {
            sessions.clear(control);
        }
        if ((due & PeerTimers.ZERO_HANDSHAKE) != 0) {
            initiator.abandon(control);
        }
        if ((due & PeerTimers.GIVE_UP) != 0) {
            initiator.abandon(control);
            control.initiateAtNs = 0;
            // Before the command: a worker that asks again in between keeps what it has staged.
            control.peer.isHandshakeWanted(false);
            for (WorkerProxy worker : workers) {
                worker.dropStaged(control.peer);
            }
        }
        if ((due & (PeerTimers.NEW_HANDSHAKE | PeerTimers.RETRANSMIT_INITIATION)) != 0) {
            forgetSource(control);
            resolveAgain(control);
            initiator.initiate(control, nowNs);
        }
        if ((due & (PeerTimers.SEND_KEEPALIVE | PeerTimers.SEND_PERSISTENT_KEEPALIVE)) != 0) {
            workers.getFirst().sendKeepalive(control.peer);
        }
    }

    /** Silence may mean that the name has another address by now. */
    private void resolveAgain(PeerControl control) {
        if (control.endpointHost != null) {
            resolver.resolve(control.peer, control.endpointHost, () -> {});
        }
    }

    /** Silence may mean that the address we send from is gone: let the kernel choose again. */
    private static void forgetSource(PeerControl control) {
        Endpoint endpoint = control.peer.endpoint();
        if (endpoint != null && endpoint.source() != null) {
            control.peer.endpoint(endpoint.withoutSource());
        }
    }
}
