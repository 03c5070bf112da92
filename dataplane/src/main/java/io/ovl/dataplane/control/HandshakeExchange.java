package io.ovl.dataplane.control;

import io.ovl.config.model.IpAddress;
import io.ovl.crypto.cookie.CookieChecker;
import io.ovl.crypto.cookie.HandshakeRateLimiter;
import io.ovl.crypto.cookie.MacState;
import io.ovl.crypto.cookie.UnderLoad;
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
import io.ovl.crypto.noise.ProtocolLimits;
import io.ovl.crypto.noise.ReceivedInitiation;
import io.ovl.crypto.noise.WallClockGuard;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The handshake as conversation: which message is sent when, and what an incoming one leads to (WireGuard whitepaper §5.3, §5.4).
 *
 * <p>Nothing is answered, and no state changes, before a message has proved that its sender knows this host's public key; under
 * load, also that it receives at its source address.
 *
 * <p>Thread: the conductor. Ownership: borrows messages for the length of a call. Drops: INVALID_MAC1, COOKIE_REQUIRED,
 * HANDSHAKE_RATE_LIMITED, HANDSHAKE_INVALID, UNKNOWN_RECEIVER_INDEX.
 */
final class HandshakeExchange {
    private final Clock clock;
    private final RandomSource random;
    private final PeerRegistry peers;
    private final LocalIndices indices;
    private final Sessions sessions;
    private final List<WorkerProxy> workers;
    private final HandshakeSender sender;
    private final ConductorCounters counters;
    private final HandshakeRateLimiter rateLimiter;
    private final UnderLoad underLoad = new UnderLoad();
    private final UnsafeBuffer out =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MessageInitiationFlyweight.LENGTH));
    private final WallClockGuard wallClockGuard;
    private LocalIdentity identity;
    private @Nullable CookieChecker checker;
    private int waiting;

    HandshakeExchange(
            Clock clock,
            RandomSource random,
            PeerRegistry peers,
            LocalIndices indices,
            Sessions sessions,
            List<WorkerProxy> workers,
            HandshakeSender sender,
            LocalIdentity identity,
            ConductorCounters counters) {
        this.clock = clock;
        this.random = random;
        this.peers = peers;
        this.indices = indices;
        this.sessions = sessions;
        this.workers = workers;
        this.sender = sender;
        this.counters = counters;
        this.identity = identity;
        rateLimiter = new HandshakeRateLimiter(random);
        wallClockGuard = new WallClockGuard(clock.wallTime(), clock.bootTimeNs());
    }

    /** Speaks as {@code value} from now on, or not at all when that has no key. The caller resets all handshakes. */
    void identity(LocalIdentity value) {
        identity = value;
        checker = value.hasKey() ? new CookieChecker(value.publicKey(), random) : null;
    }

    LocalIdentity identity() {
        return identity;
    }

    /** Whether the wall clock is believable enough to put it into an initiation. */
    boolean isWallClockPlausible() {
        return wallClockGuard.isPlausible(clock.wallTime(), clock.bootTimeNs());
    }

    /** Forgets the handshake in flight and gives its index back. */
    void abandon(PeerControl control) {
        control.handshake.clear();
        if (control.hasHandshakeIndex) {
            indices.release(control.handshakeIndex);
            control.hasHandshakeIndex = false;
        }
    }

    /**
     * Sends an initiation, unless one was sent less than five seconds ago or nobody could answer it.
     *
     * @return whether one was sent
     */
    boolean initiate(PeerControl control, long nowNs) {
        Handshake handshake = control.handshake;
        Endpoint endpoint = control.peer.endpoint();
        if (!handshake.isUsable()
                || endpoint == null
                || !control.timers.mayInitiate(nowNs)
                || !isWallClockPlausible()) {
            return false;
        }
        abandon(control);
        int index = indices.allocate(control);
        if (!handshake.createInitiation(
                out, 0, index, control.timestamps.next(clock.wallTime()), random)) {
            indices.release(index);
            return false;
        }
        control.handshakeIndex = index;
        control.hasHandshakeIndex = true;
        control.unansweredInitiations++;
        control.cookies.addMacs(out, 0, MessageInitiationFlyweight.LENGTH, nowNs);
        control.timers.onHandshakeInitiated(nowNs);
        send(control, endpoint, MessageInitiationFlyweight.LENGTH, nowNs);
        counters.initiationSent();
        return true;
    }

    /**
     * A worker has packets for a peer and no keypair, or an old one: initiates, now or when that is allowed again.
     */
    void onHandshakeWanted(PeerControl control, long nowNs) {
        if (hasGoodKeypair(control, nowNs)) {
            // It came while the wish for it was under way.
            control.initiateAtNs = 0;
            control.peer.isHandshakeWanted(false);
            return;
        }
        control.timers.onHandshakeRequested();
        initiateWhenAllowed(control, nowNs);
    }

    /** Initiates, now or when that is allowed again: whoever waits for the handshake does not ask a second time. */
    void initiateWhenAllowed(PeerControl control, long nowNs) {
        control.initiateAtNs = 0;
        if (!initiate(control, nowNs)) {
            long allowedNs = control.timers.initiationAllowedNs();
            control.initiateAtNs =
                    allowedNs - nowNs > 0 ? allowedNs : nowNs + ProtocolLimits.REKEY_TIMEOUT_NS;
        }
    }

    private static boolean hasGoodKeypair(PeerControl control, long nowNs) {
        Keypair current = control.peer.keypairs().current();
        return current != null
                && !current.isExpired(nowNs)
                && !current.needsRekeyOnSend(nowNs)
                && !current.needsRekeyOnReceive(nowNs);
    }

    /** Sets the number of handshake messages that wait, which decides whether this host is under load. */
    void onQueueDepth(int messages) {
        waiting = messages;
    }

    /**
     * A handshake message came in.
     *
     * @return the peer whose handshake it moved on, if it did
     */
    @Nullable PeerControl onMessage(
            Endpoint source, DirectBuffer buffer, int offset, int length, long nowNs) {
        CookieChecker cookieChecker = checker;
        if (cookieChecker == null) {
            counters.drop(DropReason.INVALID_MAC1);
            return null;
        }
        int type = MessageType.classify(buffer, offset, length);
        if (type == MessageType.COOKIE_REPLY) {
            onCookieReply(buffer, offset, nowNs);
            return null;
        }
        IpAddress ip = source.address().ip();
        int port = source.address().port();
        boolean isUnderLoad = underLoad.isUnderLoad(waiting, nowNs);
        MacState macs =
                cookieChecker.check(
                        buffer,
                        offset,
                        length,
                        ip.isIpv6(),
                        ip.high(),
                        ip.low(),
                        port,
                        isUnderLoad,
                        nowNs);
        if (macs == MacState.INVALID_MAC1) {
            counters.drop(DropReason.INVALID_MAC1);
            return null;
        }
        if (isUnderLoad && macs != MacState.VALID_MAC2) {
            counters.drop(DropReason.COOKIE_REQUIRED);
            cookieChecker.createReply(
                    out, 0, buffer, offset, length, ip.isIpv6(), ip.high(), ip.low(), port, nowNs);
            sender.send(source, out, 0, MessageCookieReplyFlyweight.LENGTH);
            counters.cookieSent();
            return null;
        }
        if (isUnderLoad && !rateLimiter.allow(ip.isIpv6(), ip.high(), ip.low(), nowNs)) {
            counters.drop(DropReason.HANDSHAKE_RATE_LIMITED);
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
        send(control, source, MessageResponseFlyweight.LENGTH, nowNs);
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
        control.peer.addRxBytes(length);
        control.peer.activity().onAuthenticatedReceived(nowNs);
    }

    private void send(PeerControl control, Endpoint endpoint, int length, long nowNs) {
        control.peer.activity().onAuthenticatedSent(nowNs);
        if (sender.send(endpoint, out, 0, length) == 0) {
            control.peer.addTxBytes(length);
        }
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
