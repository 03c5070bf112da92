package io.ovl.dataplane.io;

/**
 * Opens the daemon's sockets.
 *
 * <p>Thread: the conductor. Errors: nothing is left open behind an exception; EADDRINUSE when the port is taken.
 */
@FunctionalInterface
public interface UdpSocketFactory {
    /**
     * @param port 0 to let the kernel choose one
     * @param fwmark 0 for none
     */
    UdpSockets open(int port, int fwmark) throws DeviceException;
}
