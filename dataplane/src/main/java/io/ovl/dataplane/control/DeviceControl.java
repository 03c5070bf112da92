package io.ovl.dataplane.control;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;

/**
 * The WireGuard side of the daemon, as the control servers show and change it.
 *
 * <p>Thread: the conductor's only.
 */
public interface DeviceControl {
    /** What is in force now. The caller borrows the keys within, and only until it returns to the event loop. */
    DeviceState state();

    /**
     * Applies all of the update or nothing. A peer with the device's own public key is ignored.
     *
     * <p>Ownership: takes the keys of the update, also when it refuses them.
     *
     * @throws UpdateRefusedException if a valid update cannot be carried out; what was in force still is
     */
    void apply(DeviceUpdate update) throws UpdateRefusedException;
}
