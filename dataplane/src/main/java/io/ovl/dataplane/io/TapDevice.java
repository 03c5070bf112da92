package io.ovl.dataplane.io;

import org.jspecify.annotations.Nullable;

/**
 * A TAP whose interface ovl looks after.
 *
 * <p>Thread: the conductor; each queue belongs to its worker. Errors: {@link DeviceException}, the interface as it was.
 */
public interface TapDevice extends TunTapDevice {
    /** The interface's own MAC address, in the low 48 bits. */
    long mac();

    /** Sets the largest IP packet that is carried; the interface's MTU is that, or more in a bridge. Units: bytes. */
    void changeMtu(int mtu) throws DeviceException;

    /** Makes the interface a port of a Linux bridge; null takes it out of the bridge that it is in. */
    void joinBridge(@Nullable String bridge) throws DeviceException;

    /** Sets the interface up. */
    void setUp() throws DeviceException;

    /** Reads again what others may have changed: MTU and MAC address. What cannot be read stays as it was. */
    void refresh();

    /**
     * Whether the interface has been renamed or moved to another network namespace, so that its changes are nowhere
     * told of.
     */
    boolean isOutOfSight();
}
