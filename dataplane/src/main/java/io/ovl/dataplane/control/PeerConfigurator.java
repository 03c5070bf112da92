package io.ovl.dataplane.control;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Adds, changes and removes single peers. Nothing here can fail: what can was checked before. The caller publishes the
 * AllowedIPs when it is through with all peers.
 *
 * <p>Thread: the conductor. Ownership: takes the preshared keys of updates.
 */
final class PeerConfigurator {
    private final PeerRegistry peers;
    private final AllowedIps<Peer> allowedIps;
    private final HandshakeExchange handshakes;
    private final HandshakeInitiator initiator;
    private final Sessions sessions;
    private final TimerDriver timers;
    private final EndpointResolver resolver;
    private final List<WorkerProxy> workers;

    PeerConfigurator(
            PeerRegistry peers,
            AllowedIps<Peer> allowedIps,
            HandshakeExchange handshakes,
            HandshakeInitiator initiator,
            Sessions sessions,
            TimerDriver timers,
            EndpointResolver resolver,
            List<WorkerProxy> workers) {
        this.peers = peers;
        this.allowedIps = allowedIps;
        this.handshakes = handshakes;
        this.initiator = initiator;
        this.sessions = sessions;
        this.timers = timers;
        this.resolver = resolver;
        this.workers = workers;
    }

    /** Applies one peer's part of an update. */
    void apply(PeerUpdate update, long nowNs) {
        PeerControl control = peers.byKey(update.publicKey());
        if (update.isRemoval()) {
            if (control != null) {
                remove(control);
            }
            ignore(update);
            return;
        }
        if (control == null) {
            if (update.isUpdateOnly()) {
                ignore(update);
                return;
            }
            control = peers.add(update.publicKey(), handshakes.identity());
        }
        if (update.name() != null) {
            control.name = update.name().isEmpty() ? null : update.name();
        }
        if (update.presharedKey() != null) {
            presharedKey(control, update.presharedKey());
        }
        if (update.replacesAllowedIps()) {
            allowedIps.removeAll(control.peer);
        }
        for (AllowedIpChange change : update.allowedIps()) {
            if (change.isRemoval()) {
                allowedIps.remove(change.prefix(), control.peer);
            } else {
                allowedIps.put(change.prefix(), control.peer);
            }
        }
        endpoint(control, update);
        if (update.persistentKeepaliveSeconds() != null) {
            persistentKeepalive(control, update.persistentKeepaliveSeconds(), nowNs);
        }
    }

    /** Wipes the key of an update whose values nobody wants. */
    static void ignore(PeerUpdate update) {
        if (update.presharedKey() != null) {
            update.presharedKey().close();
        }
    }

    /** Removes a peer and everything that belongs to it. */
    void remove(PeerControl control) {
        allowedIps.removeAll(control.peer);
        control.peer.markRemoved();
        initiator.abandon(control);
        sessions.clear(control);
        control.handshake.close();
        control.timers.stop();
        timers.forget(control);
        forgetHost(control);
        peers.remove(control);
        for (WorkerProxy worker : workers) {
            worker.dropStaged(control.peer);
        }
        if (control.presharedKey != null) {
            control.presharedKey.close();
        }
    }

    /** Sets a peer back to how it would be added, but keeps its sessions and where it was last heard from. */
    void reset(PeerControl control, long nowNs) {
        allowedIps.removeAll(control.peer);
        control.name = null;
        forgetHost(control);
        presharedKey(control, null);
        persistentKeepalive(control, 0, nowNs);
        peers.moveToEnd(control);
    }

    /**
     * Talks to a peer under another identity: what was agreed on under the old one ends, what waits need not wait
     * longer.
     */
    void identity(PeerControl control, LocalIdentity identity, long nowNs) {
        initiator.abandon(control);
        sessions.clear(control);
        control.handshake.identity(identity);
        control.timers.onIdentityChanged();
        if (identity.hasKey() && control.peer.isHandshakeWanted()) {
            initiator.initiate(control, nowNs);
        }
        timers.visit(control, nowNs);
    }

    private static void presharedKey(PeerControl control, @Nullable NoisePresharedKey key) {
        NoisePresharedKey old = control.presharedKey;
        boolean isNone = key == null || key.isZero();
        control.presharedKey = isNone ? null : key;
        control.handshake.presharedKey(control.presharedKey);
        if (key != null && isNone) {
            key.close();
        }
        if (old != null) {
            old.close();
        }
    }

    private void endpoint(PeerControl control, PeerUpdate update) {
        if (UdpAddress.NONE.equals(update.endpoint())) {
            forgetHost(control);
            control.peer.endpoint(null);
        } else if (update.endpoint() != null) {
            forgetHost(control);
            control.peer.endpoint(Endpoint.of(update.endpoint()));
        } else if (update.endpointHost() != null) {
            control.endpointHost = update.endpointHost();
            resolver.resolve(control.peer, update.endpointHost(), () -> onEndpointFound(control));
        }
    }

    private void forgetHost(PeerControl control) {
        control.endpointHost = null;
        resolver.forget(control.peer);
    }

    /** What has waited for an address need not wait for its next interval too. */
    private void onEndpointFound(PeerControl control) {
        if (control.persistentKeepaliveSeconds > 0) {
            workers.getFirst().sendKeepalive(control.peer);
        }
    }

    private void persistentKeepalive(PeerControl control, int seconds, long nowNs) {
        control.persistentKeepaliveSeconds = seconds;
        control.timers.persistentKeepaliveSeconds(seconds, nowNs);
        timers.visit(control, nowNs);
    }
}
