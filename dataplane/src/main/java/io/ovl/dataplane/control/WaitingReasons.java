package io.ovl.dataplane.control;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says, for each peer that wants a session and has none, why; and for each that could not be reached if it did.
 *
 * <p>Thread: the conductor.
 */
final class WaitingReasons {
    private final PeerRegistry peers;
    private final HandshakeExchange handshakes;
    private final HandshakeInitiator initiator;

    WaitingReasons(PeerRegistry peers, HandshakeExchange handshakes, HandshakeInitiator initiator) {
        this.peers = peers;
        this.handshakes = handshakes;
        this.initiator = initiator;
    }

    Map<NoisePublicKey, String> at(long nowNs) {
        Map<NoisePublicKey, String> reasons = new LinkedHashMap<>();
        for (PeerControl control : peers.all()) {
            String reason = reason(control, nowNs);
            if (reason != null) {
                reasons.put(control.peer.publicKey(), reason);
            }
        }
        return reasons;
    }

    @Nullable String at(NoisePublicKey publicKey, long nowNs) {
        PeerControl control = peers.byKey(publicKey);
        return control == null ? null : reason(control, nowNs);
    }

    private @Nullable String reason(PeerControl control, long nowNs) {
        Keypair current = control.peer.keypairs().current();
        if (current != null && !current.isExpired(nowNs)) {
            return null;
        }
        if (!handshakes.identity().hasKey()) {
            return "this interface has no private key";
        }
        if (control.peer.endpoint() == null && control.endpointHost != null) {
            return "its endpoint " + control.endpointHost.host() + " has no address";
        }
        boolean isWanted =
                control.peer.isHandshakeWanted() || control.persistentKeepaliveSeconds > 0;
        if (!isWanted) {
            return null;
        }
        // After that: the answer costs a scalar multiplication for each peer that nobody has talked
        // to.
        if (!control.handshake.isUsable()) {
            return "its public key is not a valid one";
        }
        if (control.peer.endpoint() == null) {
            return "it has no endpoint; it has to send first";
        }
        if (!initiator.isWallClockPlausible()) {
            return "the wall clock has jumped ahead by more than a day";
        }
        return switch (control.unansweredInitiations) {
            case 0 -> "a handshake is about to start";
            case 1 -> "no answer to a handshake initiation";
            default -> "no answer to " + control.unansweredInitiations + " handshake initiations";
        };
    }
}
