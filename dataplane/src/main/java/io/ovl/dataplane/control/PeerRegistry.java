package io.ovl.dataplane.control;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.crypto.noise.TimestampSource;
import io.ovl.dataplane.peer.Peer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The configured peers, by key in the order in which they were added, and by a small dense id.
 *
 * <p>Thread: the conductor.
 */
final class PeerRegistry {
    /** Of how many removed peers the time stamps are remembered: those removed last. */
    private static final int MAX_FORMER_PEERS = 1024;

    private final int workerCount;
    private final RandomSource random;
    private final Map<NoisePublicKey, PeerControl> byKey = new LinkedHashMap<>();
    private final List<@Nullable PeerControl> byId = new ArrayList<>();
    private final BitSet usedIds = new BitSet();
    private final Map<NoisePublicKey, TimestampSource> formerTimestamps = new LinkedHashMap<>();
    private Consumer<PeerControl> onRemoved = _ -> {};

    PeerRegistry(int workerCount, RandomSource random) {
        this.workerCount = workerCount;
        this.random = random;
    }

    /** Has somebody told of each peer that is removed. */
    void onRemoved(Consumer<PeerControl> listener) {
        onRemoved = listener;
    }

    /** Adds a peer whose key no other peer has. */
    PeerControl add(NoisePublicKey publicKey, LocalIdentity identity) {
        int id = usedIds.nextClearBit(0);
        usedIds.set(id);
        TimestampSource former = formerTimestamps.remove(publicKey);
        PeerControl control =
                new PeerControl(
                        new Peer(id, publicKey, workerCount),
                        identity,
                        former == null ? new TimestampSource() : former,
                        random);
        byKey.put(publicKey, control);
        while (byId.size() <= id) {
            byId.add(null);
        }
        byId.set(id, control);
        return control;
    }

    /** Removes a peer; its id may be given to another, its time stamps are kept for when it is added again. */
    void remove(PeerControl control) {
        if (formerTimestamps.size() == MAX_FORMER_PEERS) {
            formerTimestamps.remove(formerTimestamps.keySet().iterator().next());
        }
        formerTimestamps.put(control.peer.publicKey(), control.timestamps);
        int id = control.peer.id();
        byKey.remove(control.peer.publicKey());
        byId.set(id, null);
        usedIds.clear(id);
        onRemoved.accept(control);
    }

    /** Moves a peer to the end of the order. */
    void moveToEnd(PeerControl control) {
        byKey.remove(control.peer.publicKey());
        byKey.put(control.peer.publicKey(), control);
    }

    @Nullable PeerControl byKey(NoisePublicKey publicKey) {
        return byKey.get(publicKey);
    }

    /** The peer with the id; null when it has been removed. */
    @Nullable PeerControl byId(int id) {
        return id < byId.size() ? byId.get(id) : null;
    }

    /** All peers in order; not to be changed while it is iterated. */
    Collection<PeerControl> all() {
        return byKey.values();
    }
}
