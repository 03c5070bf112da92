package io.ovl.dataplane.daemon;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is different in a file that was read again, as an update that touches nothing else: an endpoint that the file
 * did not change stays where the peer was last heard from. Peers that the file does not name go, however they came.
 *
 * <p>Thread: the conductor, whose keys it looks at. Ownership: the update's keys are copies.
 */
final class ConfigChange {
    private final DeviceState now;
    private final Map<NoisePublicKey, PeerState> peersNow = new HashMap<>();
    private final Map<NoisePublicKey, PeerSection> peersBefore = new HashMap<>();

    private ConfigChange(DeviceState now, OvlConfig before) {
        this.now = now;
        now.peers().forEach(peer -> peersNow.put(peer.publicKey(), peer));
        before.peers().forEach(peer -> peersBefore.put(peer.publicKey(), peer));
    }

    /**
     * The update that makes of a daemon in state {@code now}, once configured by {@code before}, what {@code next}
     * says.
     *
     * @param fwmark in the file, or chosen because it has none
     */
    static DeviceUpdate of(DeviceState now, OvlConfig before, OvlConfig next, int fwmark) {
        return new ConfigChange(now, before).update(before, next, fwmark);
    }

    private DeviceUpdate update(OvlConfig before, OvlConfig next, int fwmark) {
        DeviceUpdate whole = next.toDeviceUpdate();
        List<PeerUpdate> changes = new ArrayList<>(removals(next));
        for (int i = 0; i < whole.peers().size(); i++) {
            PeerUpdate peer = whole.peers().get(i);
            PeerState state = peersNow.get(peer.publicKey());
            changes.add(state == null ? peer : change(peer, state, next.peers().get(i)));
        }
        return new DeviceUpdate(
                changedKey(whole.privateKey()),
                changedPort(before.interfaceSection().listenPort(), whole.listenPort()),
                fwmark == now.fwmark() ? null : fwmark,
                false,
                changes);
    }

    private List<PeerUpdate> removals(OvlConfig next) {
        Set<NoisePublicKey> named = new HashSet<>();
        next.peers().forEach(peer -> named.add(peer.publicKey()));
        return now.peers().stream()
                .map(PeerState::publicKey)
                .filter(key -> !named.contains(key))
                .map(
                        key ->
                                new PeerUpdate(
                                        key, true, true, null, null, null, null, null, false,
                                        List.of()))
                .toList();
    }

    private PeerUpdate change(PeerUpdate wanted, PeerState state, PeerSection section) {
        PeerSection before = peersBefore.get(wanted.publicKey());
        boolean isEndpointNew =
                before == null || !Objects.equals(before.endpoint(), section.endpoint());
        boolean hasOtherIps = !prefixes(wanted).equals(Set.copyOf(state.allowedIps()));
        String name = wanted.name() == null ? "" : wanted.name();
        return new PeerUpdate(
                wanted.publicKey(),
                true,
                false,
                name.equals(state.name() == null ? "" : state.name()) ? null : name,
                changedKey(wanted.presharedKey(), state.presharedKey()),
                isEndpointNew ? wanted.endpoint() : null,
                isEndpointNew ? wanted.endpointHost() : null,
                Objects.equals(
                                wanted.persistentKeepaliveSeconds(),
                                state.persistentKeepaliveSeconds())
                        ? null
                        : wanted.persistentKeepaliveSeconds(),
                hasOtherIps,
                hasOtherIps ? wanted.allowedIps() : List.of());
    }

    private static Set<IpPrefix> prefixes(PeerUpdate update) {
        Set<IpPrefix> prefixes = new HashSet<>();
        for (AllowedIpChange change : update.allowedIps()) {
            prefixes.add(change.prefix());
        }
        return prefixes;
    }

    private @Nullable Integer changedPort(@Nullable Integer before, @Nullable Integer wanted) {
        boolean isStillAny = wanted != null && wanted == 0 && Objects.equals(before, wanted);
        return wanted == null || isStillAny || wanted == now.listenPort() ? null : wanted;
    }

    /** The key, or null and the key wiped when it is the one in force. */
    private @Nullable NoisePrivateKey changedKey(@Nullable NoisePrivateKey wanted) {
        NoisePrivateKey current = now.privateKey();
        if (wanted == null
                || current == null
                || !isSame(wanted::copyTo, current::copyTo, NoisePrivateKey.LENGTH)) {
            return wanted;
        }
        wanted.close();
        return null;
    }

    /** The same for a preshared key, where all zeros say that there shall be none. */
    private static @Nullable NoisePresharedKey changedKey(
            @Nullable NoisePresharedKey wanted, @Nullable NoisePresharedKey current) {
        if (wanted == null) {
            return null;
        }
        boolean isSame =
                current == null
                        ? wanted.isZero()
                        : isSame(wanted::copyTo, current::copyTo, NoisePresharedKey.LENGTH);
        if (!isSame) {
            return wanted;
        }
        wanted.close();
        return null;
    }

    /** What copies a key's bytes out. */
    interface KeyBytes {
        void copyTo(byte[] destination, int offset);
    }

    /** Compares two secrets in constant time. */
    static boolean isSame(KeyBytes left, KeyBytes right, int length) {
        byte[] leftBytes = new byte[length];
        byte[] rightBytes = new byte[length];
        left.copyTo(leftBytes, 0);
        right.copyTo(rightBytes, 0);
        boolean isSame = MessageDigest.isEqual(leftBytes, rightBytes);
        Arrays.fill(leftBytes, (byte) 0);
        Arrays.fill(rightBytes, (byte) 0);
        return isSame;
    }
}
