package io.ovl.dataplane.control;

import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.message.MessageCookieReplyFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.noise.Handshake;
import io.ovl.crypto.noise.InitiationReader;
import io.ovl.crypto.noise.InitiationVerdict;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.crypto.noise.ReceivedInitiation;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.ByteCounts;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The handshake as conversation: what an incoming message leads to (WireGuard whitepaper §5.4).
 * {@link HandshakeInitiator} begins it, {@link HandshakeAdmission} decides whom it is had with.
 *
 * <p>Thread: the conductor. Ownership: borrows messages for the length of a call. Drops: HANDSHAKE_RATE_LIMITED,
 * HANDSHAKE_INVALID, UNKNOWN_RECEIVER_INDEX.
 */
final class HandshakeExchange {
    private final Clock clock;
    private final RandomSource random;
    private final PeerRegistry peers;
    private final LocalIndices indices;
    private final Sessions sessions;
    private final List<WorkerProxy> workers;
    private final HandshakeAdmission admission;
    private final HandshakeSender sender;
    private final ConductorCounters counters;
    private final UnsafeBuffer out =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MessageResponseFlyweight.LENGTH));
    private LocalIdentity identity;

    HandshakeExchange(
            Clock clock,
            RandomSource random,
            PeerRegistry peers,
            LocalIndices indices,
            Sessions sessions,
            List<WorkerProxy> workers,
            HandshakeAdmission admission,
            HandshakeSender sender,
            LocalIdentity identity,
            ConductorCounters counters) {
        this.clock = clock;
        this.random = random;
        this.peers = peers;
        this.indices = indices;
        this.sessions = sessions;
        this.workers = workers;
        this.admission = admission;
        this.sender = sender;
        this.counters = counters;
        this.identity = identity;
    }

    /** Speaks as {@code value} from now on, or not at all when that has no key. The caller resets all handshakes. */
    void identity(LocalIdentity value) {
        identity = value;
        admission.identity(value);
    }

    LocalIdentity identity() {
        return identity;
    }

    /**
     * A handshake message came in.
     *
     * @return the peer whose handshake it moved on, if it did
     */
    @Nullable PeerControl onMessage(
            Endpoint source, DirectBuffer buffer, int offset, int length, long nowNs) {
        int type = MessageType.classify(buffer, offset, length);
        if (type == MessageType.COOKIE_REPLY) {
            onCookieReply(buffer, offset, nowNs);
            return null;
        }
        if (!admission.admits(source, buffer, offset, length, nowNs)) {
            return null;
        }
        return type == MessageType.INITIATION
                ? onInitiation(source, buffer, offset, nowNs)
                : onResponse(source, buffer, offset, nowNs);
    }

    private @Nullable PeerControl onInitiation(
            Endpoint source, DirectBuffer buffer, int offset, long nowNs) {
        try (ReceivedInitiation initiation = InitiationReader.read(identity, buffer, offset)) {
            PeerControl control =
                    initiation == null ? null : peers.byKey(initiation.remoteStatic());
            if (initiation == null || control == null) {
                counters.drop(DropReason.HANDSHAKE_INVALID);
                return null;
            }
            InitiationVerdict verdict = control.handshake.accept(initiation, nowNs);
            if (verdict != InitiationVerdict.ACCEPTED) {
                counters.drop(
                        verdict == InitiationVerdict.FLOODED
                                ? DropReason.HANDSHAKE_RATE_LIMITED
                                : DropReason.HANDSHAKE_INVALID);
                return null;
            }
            received(control, source, MessageInitiationFlyweight.LENGTH, nowNs);
            respond(control, source, nowNs);
            return control;
        }
    }

    private void respond(PeerControl control, Endpoint source, long nowNs) {
        Handshake handshake = control.handshake;
        if (control.hasHandshakeIndex) {
            indices.release(control.handshakeIndex);
            control.hasHandshakeIndex = false;
        }
        int index = indices.allocate(control);
        Keypair keypair = null;
        if (handshake.createResponse(out, 0, index, random)) {
            keypair = handshake.beginSession(nowNs);
        }
        if (keypair == null) {
            indices.release(index);
            counters.drop(DropReason.HANDSHAKE_INVALID);
            return;
        }
        control.cookies.addMacs(out, 0, MessageResponseFlyweight.LENGTH, nowNs);
        sessions.install(control, keypair);
        control.timers.onSessionDerived(nowNs);
        control.timers.onHandshakeResponded(nowNs);
        sender.send(control, source, out, MessageResponseFlyweight.LENGTH, nowNs);
        counters.responseSent();
    }

    private @Nullable PeerControl onResponse(
            Endpoint source, DirectBuffer buffer, int offset, long nowNs) {
        int index = MessageResponseFlyweight.receiverIndex(buffer, offset);
        PeerControl control = indices.owner(index);
        if (control == null || !control.hasHandshakeIndex || control.handshakeIndex != index) {
            counters.drop(DropReason.UNKNOWN_RECEIVER_INDEX);
            return null;
        }
        Handshake handshake = control.handshake;
        Keypair keypair =
                handshake.consumeResponse(buffer, offset) ? handshake.beginSession(nowNs) : null;
        if (keypair == null) {
            counters.drop(DropReason.HANDSHAKE_INVALID);
            return null;
        }
        control.hasHandshakeIndex = false; // the session's now
        received(control, source, MessageResponseFlyweight.LENGTH, nowNs);
        sessions.install(control, keypair);
        control.timers.onSessionDerived(nowNs);
        completed(control, nowNs);
        // The responder may not send before it has heard from us on the new keypair.
        for (int i = 0; i < workers.size(); i++) {
            workers.get(i).flushStaged(control.peer, i == 0);
        }
        counters.responseReceived();
        return control;
    }

    /** Completes the handshake whose keypair the peer has used for the first time, if there is one. */
    void completeIfConfirmed(PeerControl control, long nowNs) {
        if (!sessions.takeConfirmation(control)) {
            return;
        }
        completed(control, nowNs);
        for (WorkerProxy worker : workers) {
            worker.flushStaged(control.peer, false);
        }
    }

    private void onCookieReply(DirectBuffer buffer, int offset, long nowNs) {
        PeerControl control =
                indices.owner(MessageCookieReplyFlyweight.receiverIndex(buffer, offset));
        if (control == null) {
            counters.drop(DropReason.UNKNOWN_RECEIVER_INDEX);
        } else if (!control.cookies.consumeReply(buffer, offset, nowNs)) {
            counters.drop(DropReason.HANDSHAKE_INVALID);
        } else {
            counters.cookieReceived();
        }
    }

    private void received(PeerControl control, Endpoint source, int length, long nowNs) {
        control.peer.endpoint(source);
        control.peer.bytes().addRx(ByteCounts.CONDUCTOR, length);
        control.peer.activity().onAuthenticatedReceived(nowNs);
    }

    private void completed(PeerControl control, long nowNs) {
        control.lastHandshake = clock.wallTime();
        control.unansweredInitiations = 0;
        control.initiateAtNs = 0;
        control.peer.isHandshakeWanted(false);
        control.timers.onHandshakeComplete(nowNs);
        counters.handshakeCompleted();
    }
}
