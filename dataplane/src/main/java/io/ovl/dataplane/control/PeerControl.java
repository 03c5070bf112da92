package io.ovl.dataplane.control;

import io.ovl.config.model.HostPort;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.noise.Handshake;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.crypto.noise.PeerTimers;
import io.ovl.crypto.noise.TimestampSource;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What the conductor knows of a peer beside what the packet paths know.
 *
 * <p>Thread: the conductor. Ownership: owns the preshared key.
 */
final class PeerControl {
    final Peer peer;
    final PeerTimers timers;
    final CookieGenerator cookies;
    final TimestampSource timestamps;
    final Handshake handshake;

    /** The local index of the handshake in flight, valid while {@link #hasHandshakeIndex}. */
    int handshakeIndex;

    boolean hasHandshakeIndex;

    /** The keypair derived as responder that the peer had not used when last looked at. */
    @Nullable Keypair unconfirmed;

    @Nullable String name;
    @Nullable NoisePresharedKey presharedKey;
    @Nullable HostPort endpointHost;
    int persistentKeepaliveSeconds;

    /** When the last handshake completed, by the wall clock. */
    @Nullable Instant lastHandshake;

    /** When to initiate a handshake that was wanted before one was allowed, in boot time; 0 for not at all. */
    long initiateAtNs;

    /** Initiations sent since the last one that was answered. */
    int unansweredInitiations;

    /** The activity that the timers already know. */
    final SeenActivity seen = new SeenActivity();

    PeerControl(
            Peer peer, LocalIdentity identity, TimestampSource timestamps, RandomSource random) {
        this.peer = peer;
        this.timestamps = timestamps;
        timers = new PeerTimers(random);
        handshake = new Handshake(identity, peer.publicKey(), null);
        cookies = new CookieGenerator(peer.publicKey());
    }

    /** Latest times of each kind of activity that were passed on to the timers. */
    static final class SeenActivity {
        long sentNs;
        long dataSentNs;
        long receivedNs;
        long unansweredSinceNs;
        long unacknowledgedSinceNs;
    }
}
