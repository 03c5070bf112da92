package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of VXLAN in the clear.
 *
 * <p>Thread: the conductor. Errors: nothing is left open behind an exception; EADDRINUSE when the port is taken.
 */
@FunctionalInterface
public interface VxlanSocketFactory {
    /**
     * @param local the address to receive on and send from; null for every address
     * @param port where VXLAN is received
     * @param fwmark mark of what is sent, 0 for none
     */
    VxlanSockets open(@Nullable IpAddress local, int port, int fwmark) throws DeviceException;
}
