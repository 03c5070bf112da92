package io.ovl.dataplane.io;

import java.util.Set;

/**
 * The daemon's sockets on the underlay, one for each worker, all on one port.
 *
 * <p>Thread: the conductor. Ownership: owns the sockets; binds borrow them, so {@link #close} comes after their users
 * stopped.
 */
public interface UdpSockets extends AutoCloseable {
    /** A new bind on a worker's socket. The conductor sends through one of its own on worker 0's. */
    UdpBind bind(int worker);

    /** The bound port. */
    int port();

    /** What every one of the sockets does. */
    Set<Offload> offloads();

    /** Marks packets sent from now on, for policy routing; 0 for no mark. */
    void fwmark(int mark) throws DeviceException;

    @Override
    void close();
}
