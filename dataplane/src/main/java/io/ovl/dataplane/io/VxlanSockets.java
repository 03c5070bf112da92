package io.ovl.dataplane.io;

/**
 * The UDP sockets of VXLAN in the clear: on the VXLAN port, one for each worker, to receive, and several on ports of
 * their own to send, so that the underlay's routers spread flows.
 *
 * <p>Thread: the conductor opens and closes; each bind belongs to its worker. Ownership: owns the sockets behind its
 * binds.
 */
public interface VxlanSockets extends AutoCloseable {
    /** The worker's bind to receive from. */
    UdpBind receiver(int worker);

    /** The worker's bind to send a flow with that hash through. */
    UdpBind sender(int worker, long flowHash);

    /** Marks packets sent from now on, for policy routing; 0 for no mark. */
    void fwmark(int mark) throws DeviceException;

    /** Closes the sockets; nobody may be using a bind any more. Idempotent. */
    @Override
    void close();
}
