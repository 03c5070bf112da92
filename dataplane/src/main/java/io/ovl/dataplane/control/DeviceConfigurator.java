package io.ovl.dataplane.control;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.Setting;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.UdpSockets;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Applies updates and tells the state.
 *
 * <p>An update is applied all or not at all: what may fail, opening a port and marking a socket, comes first. Peers
 * that an update names again keep their sessions, also when it replaces all peers.
 *
 * <p>Thread: the conductor. Ownership: takes the keys of an update. Errors: {@link UpdateRefusedException}, nothing
 * changed.
 */
final class DeviceConfigurator implements DeviceControl {
    private final Clock clock;
    private final PeerRegistry peers;
    private final AllowedIps<Peer> allowedIps;
    private final Underlay underlay;
    private final HandshakeExchange handshakes;
    private final PeerConfigurator peerConfigurator;
    private @Nullable NoisePrivateKey privateKey;

    DeviceConfigurator(
            Clock clock,
            PeerRegistry peers,
            AllowedIps<Peer> allowedIps,
            Underlay underlay,
            HandshakeExchange handshakes,
            PeerConfigurator peerConfigurator) {
        this.clock = clock;
        this.peers = peers;
        this.allowedIps = allowedIps;
        this.underlay = underlay;
        this.handshakes = handshakes;
        this.peerConfigurator = peerConfigurator;
    }

    @Override
    public DeviceState state() {
        List<PeerState> states = new ArrayList<>();
        for (PeerControl control : peers.all()) {
            states.add(state(control));
        }
        return new DeviceState(privateKey, underlay.port(), underlay.fwmark(), states);
    }

    @Override
    public @Nullable PeerState peer(NoisePublicKey publicKey) {
        PeerControl control = peers.byKey(publicKey);
        return control == null ? null : state(control);
    }

    @Override
    public @Nullable NoisePublicKey keyOf(String name) {
        for (PeerControl control : peers.all()) {
            if (name.equals(control.name)) {
                return control.peer.publicKey();
            }
        }
        return null;
    }

    private PeerState state(PeerControl control) {
        Peer peer = control.peer;
        Endpoint endpoint = peer.endpoint();
        return new PeerState(
                peer.publicKey(),
                control.name,
                control.presharedKey,
                endpoint == null ? null : endpoint.address(),
                control.endpointHost,
                control.lastHandshake,
                peer.bytes().rx(),
                peer.bytes().tx(),
                control.persistentKeepaliveSeconds,
                allowedIps.prefixesOf(peer));
    }

    @Override
    public void apply(DeviceUpdate update) throws UpdateRefusedException {
        long nowNs = clock.bootTimeNs();
        applyUnderlay(update);
        if (update.privateKey() != null) {
            applyPrivateKey(update.privateKey(), nowNs);
        }
        if (update.replacesPeers()) {
            replacePeers(update.peers(), nowNs);
        }
        LocalIdentity identity = handshakes.identity();
        for (PeerUpdate peerUpdate : update.peers()) {
            boolean isOwnKey =
                    identity.hasKey() && identity.publicKey().equals(peerUpdate.publicKey());
            if (isOwnKey) {
                PeerConfigurator.ignore(peerUpdate);
            } else {
                peerConfigurator.apply(peerUpdate, nowNs);
            }
        }
        allowedIps.publish();
    }

    private void applyUnderlay(DeviceUpdate update) throws UpdateRefusedException {
        Integer port = update.listenPort();
        Integer mark = update.fwmark();
        UdpSockets opened = null;
        String key = "ListenPort";
        try {
            if (port != null && (port == 0 || port != underlay.port())) {
                opened = underlay.open(port);
            }
            key = "FwMark";
            if (mark != null && mark != underlay.fwmark()) {
                if (opened != null) {
                    opened.fwmark(mark);
                }
                underlay.fwmark(mark);
            }
        } catch (DeviceException e) {
            if (opened != null) {
                opened.close();
            }
            update.wipe();
            throw new UpdateRefusedException(
                    -e.errno(), String.valueOf(e.getMessage()), Setting.ofInterface(key));
        }
        if (opened != null) {
            underlay.use(opened);
        }
    }

    private void applyPrivateKey(NoisePrivateKey key, long nowNs) {
        NoisePrivateKey old = privateKey;
        LocalIdentity oldIdentity = handshakes.identity();
        LocalIdentity identity = new LocalIdentity(key);
        privateKey = key.isZero() ? null : key;
        boolean isSame =
                identity.hasKey()
                        && oldIdentity.hasKey()
                        && identity.publicKey().equals(oldIdentity.publicKey());
        if (isSame) {
            identity.close();
        } else {
            changeIdentity(identity, nowNs);
            oldIdentity.close();
        }
        if (key.isZero()) {
            key.close();
        }
        if (old != null) {
            old.close();
        }
    }

    /** Sessions and handshakes were made under the old identity: all start anew. A peer with our own key goes. */
    private void changeIdentity(LocalIdentity identity, long nowNs) {
        handshakes.identity(identity);
        PeerControl own = identity.hasKey() ? peers.byKey(identity.publicKey()) : null;
        if (own != null) {
            peerConfigurator.remove(own);
        }
        for (PeerControl control : peers.all()) {
            peerConfigurator.identity(control, identity, nowNs);
        }
    }

    /**
     * Removes the peers that are not named, and sets those that are named back to how a new peer is, sessions aside.
     */
    private void replacePeers(List<PeerUpdate> named, long nowNs) {
        Set<NoisePublicKey> stay = new HashSet<>();
        for (PeerUpdate update : named) {
            if (!update.isRemoval()) {
                stay.add(update.publicKey());
            }
        }
        for (PeerControl control : List.copyOf(peers.all())) {
            if (stay.contains(control.peer.publicKey())) {
                peerConfigurator.reset(control, nowNs);
            } else {
                peerConfigurator.remove(control);
            }
        }
    }

    /** Wipes every key. */
    void close() {
        for (PeerControl control : peers.all()) {
            control.peer.keypairs().clear(Keypair::close);
            control.handshake.close();
            if (control.presharedKey != null) {
                control.presharedKey.close();
            }
        }
        handshakes.identity().close();
        if (privateKey != null) {
            privateKey.close();
        }
    }
}
