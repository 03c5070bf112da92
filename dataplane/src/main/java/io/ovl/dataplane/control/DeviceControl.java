package io.ovl.dataplane.control;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

/**
 * The WireGuard side of the daemon, as the control servers show and change it.
 *
 * <p>Thread: the conductor's only.
 */
public interface DeviceControl {
    /** What is in force now. The caller borrows the keys within, and only until it returns to the event loop. */
    DeviceState state();

    /** That peer alone, as {@link #state} has it; null when there is none with the key. */
    @Nullable PeerState peer(NoisePublicKey publicKey);

    /** The key of the peer with that name; null when no peer has it. */
    @Nullable NoisePublicKey keyOf(String name);

    /**
     * Applies all of the update or nothing. A peer with the device's own public key is ignored.
     *
     * <p>Ownership: takes the keys of the update, also when it refuses them.
     *
     * @throws UpdateRefusedException if a valid update cannot be carried out; what was in force still is
     */
    void apply(DeviceUpdate update) throws UpdateRefusedException;
}
