package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.LazyList;
import io.ovl.config.ctl.PeerReport;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * The daemon's peers, as the methods of the control protocol find, report and change them.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeers {
    private final DeviceControl control;
    private final StatusSource source;
    private final SegmentControl segments;

    JsonPeers(DeviceControl control, StatusSource source, SegmentControl segments) {
        this.control = control;
        this.source = source;
        this.segments = segments;
    }

    /** All peers, without secrets. */
    List<Map<String, @Nullable Object>> reports() {
        Map<NoisePublicKey, String> waiting = source.waiting();
        return new LazyList<>(
                control.state().peers(), peer -> report(peer, waiting.get(peer.publicKey())));
    }

    /** One peer, without secrets. */
    Map<String, @Nullable Object> report(PeerState peer) {
        return report(peer, source.waiting(peer.publicKey()));
    }

    private Map<String, @Nullable Object> report(PeerState peer, @Nullable String waiting) {
        return PeerReport.of(peer, false, waiting)
                .with(segments.membership(peer.publicKey()))
                .toJson();
    }

    /** Finds a peer by its public key, or else by its name. */
    PeerState require(String keyOrName) throws ControlException {
        NoisePublicKey key = NoisePublicKey.parse(keyOrName);
        if (key == null) {
            key = control.keyOf(keyOrName);
        }
        PeerState peer = key == null ? null : byKey(key);
        if (peer == null) {
            throw new ControlException(
                    ExitCode.NO_SUCH_OBJECT, "no-such-peer", "no peer has that key or name");
        }
        return peer;
    }

    @Nullable PeerState byKey(NoisePublicKey key) {
        return control.peer(key);
    }

    /** Refuses a name that another peer than {@code key}'s has. */
    void requireFreeName(@Nullable String name, NoisePublicKey key) throws ControlException {
        NoisePublicKey owner = name == null || name.isEmpty() ? null : control.keyOf(name);
        if (owner != null && !owner.equals(key)) {
            throw new ControlException(
                    ExitCode.CONFLICT, "name-in-use", "another peer has that name");
        }
    }

    /** Applies a change of one peer and of its segments, all or nothing; takes its preshared key. */
    void apply(NoisePublicKey key, JsonPeerChange change, JsonMembershipChange membership)
            throws ControlException {
        PeerUpdate update = change.toUpdate(key);
        if (membership.isNone()) {
            apply(update);
            return;
        }
        try (SegmentControl.PreparedUpdate prepared =
                segments.prepare(SegmentUpdate.put(merge(key, change, membership)))) {
            apply(update);
            update = null;
            prepared.commit();
        } finally {
            if (update != null) {
                PeerConfigurator.ignore(update);
            }
        }
    }

    private PeerSegments merge(
            NoisePublicKey key, JsonPeerChange change, JsonMembershipChange membership)
            throws ControlException {
        PeerState peer = byKey(key);
        return membership.merge(
                key,
                segments.membership(key),
                change.allowedIpsAfter(peer == null ? List.of() : peer.allowedIps()));
    }

    /** Applies a change of one peer; takes its preshared key. */
    void apply(PeerUpdate update) throws ControlException {
        try {
            control.apply(new DeviceUpdate(null, null, null, false, List.of(update)));
        } catch (UpdateRefusedException e) {
            throw new ControlException(
                    Refusals.exitCode(e), "refused", String.valueOf(e.getMessage()));
        }
    }
}
