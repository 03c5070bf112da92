package io.ovl.dataplane.control;

import io.ovl.crypto.key.RandomSource;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The local indices in use, of handshakes in flight and of sessions: random, 32 bits, never two alike (WireGuard
 * whitepaper §5.4).
 *
 * <p>Thread: the conductor.
 */
final class LocalIndices {
    private final RandomSource random;
    private final Int2ObjectHashMap<PeerControl> owners = new Int2ObjectHashMap<>();

    LocalIndices(RandomSource random) {
        this.random = random;
    }

    /** Takes an index for the peer. */
    int allocate(PeerControl owner) {
        while (true) {
            int index = random.nextInt();
            if (owners.putIfAbsent(index, owner) == null) {
                return index;
            }
        }
    }

    /** The peer that holds the index. */
    @Nullable PeerControl owner(int index) {
        return owners.get(index);
    }

    /** Gives an index back. */
    void release(int index) {
        owners.remove(index);
    }
}
