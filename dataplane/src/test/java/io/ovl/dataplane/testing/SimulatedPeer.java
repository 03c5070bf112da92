package io.ovl.dataplane.testing;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a test wants a host to know of a peer, put together bit by bit.
 *
 * <p>Thread: the test's. Ownership: every update has a preshared key of its own, which whoever applies it takes.
 */
public final class SimulatedPeer {
    private final NoisePublicKey publicKey;
    private final List<AllowedIpChange> allowedIps = new ArrayList<>();
    private byte @Nullable [] presharedKey;
    private @Nullable UdpAddress endpoint;
    private @Nullable Integer persistentKeepaliveSeconds;
    private boolean isRemoval;
    private boolean isUpdateOnly;
    private boolean replacesAllowedIps;

    private SimulatedPeer(NoisePublicKey publicKey) {
        this.publicKey = publicKey;
    }

    public static SimulatedPeer of(NoisePublicKey publicKey) {
        return new SimulatedPeer(publicKey);
    }

    /** The host, at its underlay address and with its overlay address. */
    public static SimulatedPeer of(SimulatedHost host) {
        return new SimulatedPeer(host.publicKey())
                .endpoint(host.address())
                .allowedIp(host.overlay().toString());
    }

    public SimulatedPeer endpoint(@Nullable UdpAddress value) {
        endpoint = value;
        return this;
    }

    public SimulatedPeer allowedIp(String prefix) {
        allowedIps.add(new AllowedIpChange(Objects.requireNonNull(IpPrefix.parse(prefix)), false));
        return this;
    }

    public SimulatedPeer withoutAllowedIp(String prefix) {
        allowedIps.add(new AllowedIpChange(Objects.requireNonNull(IpPrefix.parse(prefix)), true));
        return this;
    }

    public SimulatedPeer replacesAllowedIps() {
        replacesAllowedIps = true;
        return this;
    }

    /** A preshared key all of whose bytes are {@code value}. */
    public SimulatedPeer presharedKey(int value) {
        presharedKey = new byte[NoisePresharedKey.LENGTH];
        Arrays.fill(presharedKey, (byte) value);
        return this;
    }

    public SimulatedPeer keepalive(int seconds) {
        persistentKeepaliveSeconds = seconds;
        return this;
    }

    public SimulatedPeer removal() {
        isRemoval = true;
        return this;
    }

    public SimulatedPeer updateOnly() {
        isUpdateOnly = true;
        return this;
    }

    public PeerUpdate update() {
        return new PeerUpdate(
                publicKey,
                isUpdateOnly,
                isRemoval,
                null,
                presharedKey == null ? null : NoisePresharedKey.copyOf(presharedKey, 0),
                endpoint,
                null,
                persistentKeepaliveSeconds,
                replacesAllowedIps,
                List.copyOf(allowedIps));
    }

    /** An update of these peers and nothing else. */
    public static DeviceUpdate update(boolean replacesPeers, SimulatedPeer... peers) {
        return new DeviceUpdate(
                null,
                null,
                null,
                replacesPeers,
                Arrays.stream(peers).map(SimulatedPeer::update).toList());
    }
}
