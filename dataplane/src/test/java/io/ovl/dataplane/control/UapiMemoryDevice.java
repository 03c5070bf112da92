package io.ovl.dataplane.control;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.uapi.UapiErrno;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules of the UAPI for a device, in memory: a port can be in use, the own key is no peer, AllowedIPs move between peers. */
final class UapiMemoryDevice implements DeviceControl {
    static final int PORT_IN_USE = 7;

    final LinkedHashMap<NoisePublicKey, PeerState> peers = new LinkedHashMap<>();
    final Map<IpPrefix, NoisePublicKey> prefixes = new LinkedHashMap<>();
    @Nullable NoisePrivateKey privateKey;
    int listenPort;
    int fwmark;
    int applied;

    @Override
    public DeviceState state() {
        return new DeviceState(
                privateKey,
                listenPort,
                fwmark,
                peers.values().stream().map(this::withAllowedIps).toList());
    }

    @Override
    public void apply(DeviceUpdate update) throws UpdateRefusedException {
        if (update.listenPort() != null && update.listenPort() == PORT_IN_USE) {
            update.wipe();
            throw new UpdateRefusedException(UapiErrno.PORT_IN_USE, "port 7 is in use");
        }
        applied++;
        if (update.privateKey() != null) {
            privateKey = update.privateKey().isZero() ? null : update.privateKey();
        }
        listenPort = update.listenPort() == null ? listenPort : update.listenPort();
        fwmark = update.fwmark() == null ? fwmark : update.fwmark();
        if (update.replacesPeers()) {
            peers.clear();
            prefixes.clear();
        }
        NoisePublicKey own = privateKey == null ? null : privateKey.publicKey();
        for (PeerUpdate peer : update.peers()) {
            if (!peer.publicKey().equals(own)) {
                apply(peer);
            }
        }
    }

    private void apply(PeerUpdate update) {
        NoisePublicKey key = update.publicKey();
        PeerState old = peers.get(key);
        if (update.isRemoval()) {
            peers.remove(key);
            prefixes.values().removeIf(key::equals);
            return;
        }
        if (old == null && update.isUpdateOnly()) {
            return;
        }
        if (update.replacesAllowedIps()) {
            prefixes.values().removeIf(key::equals);
        }
        for (AllowedIpChange change : update.allowedIps()) {
            if (!change.isRemoval()) {
                prefixes.put(change.prefix(), key);
            } else {
                prefixes.remove(change.prefix(), key);
            }
        }
        Integer keepalive = update.persistentKeepaliveSeconds();
        int oldKeepalive = old == null ? 0 : old.persistentKeepaliveSeconds();
        peers.put(
                key,
                new PeerState(
                        key,
                        null,
                        update.presharedKey() == null && old != null
                                ? old.presharedKey()
                                : update.presharedKey(),
                        update.endpoint() == null && old != null
                                ? old.endpoint()
                                : update.endpoint(),
                        null,
                        null,
                        0,
                        0,
                        keepalive == null ? oldKeepalive : keepalive,
                        List.of()));
    }

    private PeerState withAllowedIps(PeerState peer) {
        List<IpPrefix> own = new ArrayList<>();
        prefixes.forEach(
                (prefix, key) -> {
                    if (key.equals(peer.publicKey())) {
                        own.add(prefix);
                    }
                });
        return new PeerState(
                peer.publicKey(),
                null,
                peer.presharedKey(),
                peer.endpoint(),
                null,
                peer.lastHandshake(),
                peer.rxBytes(),
                peer.txBytes(),
                peer.persistentKeepaliveSeconds(),
                own);
    }
}
