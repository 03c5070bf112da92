package io.ovl.dataplane.control;

import io.ovl.config.ctl.DaemonStatus;
import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.config.uapi.UapiErrno;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A device that remembers what it is told, without a network. */
final class FakeDevice implements DeviceControl, StatusSource {
    static final byte[] PRIVATE_KEY = key(0x48);
    static final Instant HANDSHAKE = Instant.parse("2026-11-21T00:00:00Z");

    final Map<NoisePublicKey, PeerState> peers = new LinkedHashMap<>();
    final Map<NoisePublicKey, String> waiting = new LinkedHashMap<>();
    boolean refuses;
    boolean isBroken;
    String kind = "tun";

    /** How often somebody wanted to see all of it. */
    int lookCount;

    private final NoisePrivateKey privateKey = NoisePrivateKey.copyOf(PRIVATE_KEY, 0);

    static byte[] key(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }

    static NoisePublicKey publicKey(int value) {
        return NoisePublicKey.copyOf(key(value), 0);
    }

    NoisePublicKey ownKey() {
        return privateKey.publicKey();
    }

    @Override
    public @Nullable PeerState peer(NoisePublicKey publicKey) {
        return peers.get(publicKey);
    }

    @Override
    public @Nullable NoisePublicKey keyOf(String name) {
        return peers.values().stream()
                .filter(peer -> name.equals(peer.name()))
                .map(PeerState::publicKey)
                .findFirst()
                .orElse(null);
    }

    @Override
    public DeviceState state() {
        lookCount++;
        return new DeviceState(privateKey, 51_820, 0, List.copyOf(peers.values()));
    }

    @Override
    public void apply(DeviceUpdate update) throws UpdateRefusedException {
        if (isBroken) {
            throw new IllegalStateException("broken");
        }
        if (refuses) {
            update.wipe();
            throw new UpdateRefusedException(UapiErrno.INVALID, "the device refuses", null);
        }
        for (PeerUpdate peer : update.peers()) {
            if (peer.isRemoval()) {
                peers.remove(peer.publicKey());
            } else if (!peer.publicKey().equals(privateKey.publicKey())) {
                peers.put(peer.publicKey(), merge(peers.get(peer.publicKey()), peer));
            }
        }
    }

    @Override
    public DaemonStatus status() {
        return new DaemonStatus(
                "0.1.0",
                "ovl0",
                kind,
                1420,
                51_820,
                "jdk",
                1,
                List.of("tso4", "udp-gro"),
                Instant.EPOCH);
    }

    @Override
    public Map<NoisePublicKey, String> waiting() {
        lookCount++;
        return waiting;
    }

    @Override
    public @Nullable String waiting(NoisePublicKey publicKey) {
        return waiting.get(publicKey);
    }

    private static PeerState merge(@Nullable PeerState old, PeerUpdate update) {
        Set<IpPrefix> allowedIps = new LinkedHashSet<>();
        if (old != null && !update.replacesAllowedIps()) {
            allowedIps.addAll(old.allowedIps());
        }
        for (AllowedIpChange change : update.allowedIps()) {
            if (change.isRemoval()) {
                allowedIps.remove(change.prefix());
            } else {
                allowedIps.add(change.prefix());
            }
        }
        String name = update.name();
        NoisePresharedKey presharedKey = update.presharedKey();
        UdpAddress endpoint = update.endpoint();
        HostPort host = update.endpointHost();
        Integer keepalive = update.persistentKeepaliveSeconds();
        return new PeerState(
                update.publicKey(),
                name == null && old != null ? old.name() : name,
                presharedKey == null && old != null ? old.presharedKey() : presharedKey,
                endpoint == null && old != null ? old.endpoint() : endpoint,
                host == null && old != null ? old.endpointHost() : host,
                HANDSHAKE,
                1,
                2,
                keepalive != null ? keepalive : old == null ? 0 : old.persistentKeepaliveSeconds(),
                new ArrayList<>(allowedIps));
    }
}
