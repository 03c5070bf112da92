package io.ovl.dataplane.daemon;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.SegmentSection;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What SaveConfig writes: the file with what has changed at run time, through {@code wg} or {@code ovlctl}, segments
 * and who takes part in them included. A key that the file takes from elsewhere and that is still the same stays there.
 *
 * <p>Thread: the conductor, whose keys it copies.
 */
final class SavedConfig {
    private SavedConfig() {}

    /**
     * The configuration to write; the caller closes it.
     *
     * @param segments those that there are now
     * @param memberships who takes part in them now
     */
    static OvlConfig of(
            OvlConfig file,
            DeviceState now,
            List<SegmentSection> segments,
            Function<NoisePublicKey, PeerSegments> memberships) {
        Map<NoisePublicKey, PeerSection> sections = new HashMap<>();
        file.peers().forEach(peer -> sections.put(peer.publicKey(), peer));
        List<PeerSection> peers =
                now.peers().stream()
                        .map(
                                peer ->
                                        peer(
                                                sections.get(peer.publicKey()),
                                                peer,
                                                memberships.apply(peer.publicKey())))
                        .toList();
        return new OvlConfig(ownSide(file.interfaceSection(), now), peers, segments);
    }

    private static InterfaceSection ownSide(InterfaceSection file, DeviceState now) {
        NoisePrivateKey key = now.privateKey();
        NoisePrivateKey before = file.privateKey();
        boolean isSameKey =
                key != null
                        && before != null
                        && ConfigChange.isSame(key::copyTo, before::copyTo, NoisePrivateKey.LENGTH);
        return new InterfaceSection(
                key == null ? null : key.copy(),
                isSameKey ? file.privateKeyFile() : null,
                now.listenPort(),
                now.fwmark(),
                file.addresses(),
                file.dns(),
                file.mtu(),
                file.table(),
                file.hooks(),
                true);
    }

    private static PeerSection peer(
            @Nullable PeerSection file, PeerState now, PeerSegments membership) {
        NoisePresharedKey key = now.presharedKey();
        NoisePresharedKey before = file == null ? null : file.presharedKey();
        boolean isSameKey =
                key != null
                        && before != null
                        && ConfigChange.isSame(
                                key::copyTo, before::copyTo, NoisePresharedKey.LENGTH);
        return new PeerSection(
                now.name(),
                now.publicKey(),
                key == null ? null : key.copy(),
                isSameKey && file != null ? file.presharedKeyFile() : null,
                now.allowedIps(),
                endpoint(now),
                now.persistentKeepaliveSeconds(),
                membership.segments(),
                membership.vtep());
    }

    /**
     * A name stays a name; an address is the one where the peer was last heard from, if an answer can be sent there.
     */
    private static @Nullable HostPort endpoint(PeerState now) {
        if (now.endpointHost() != null) {
            return now.endpointHost();
        }
        return now.endpoint() == null || now.endpoint().port() == 0
                ? null
                : Objects.requireNonNull(HostPort.parse(now.endpoint().toString()));
    }
}
