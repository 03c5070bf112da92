package io.ovl.dataplane.io;

/**
 * A TUN or TAP device with one queue for each worker.
 *
 * <p>Thread: the conductor; each queue belongs to its worker. Errors: opening throws {@link DeviceException}.
 */
public interface TunTapDevice extends AutoCloseable {
    /** The interface's name as the kernel gave it. */
    String name();

    boolean isTap();

    /** The interface's MTU as last read, in bytes. */
    int mtu();

    /** Whether the kernel takes TCP super-packets from the device's writer. */
    boolean takesTcpSuperPackets();

    /** Whether the kernel takes UDP super-packets from the device's writer (Linux 6.2 and later). */
    boolean takesUdpSuperPackets();

    /** The device's queues, one for each worker. */
    TunTapQueue queue(int index);

    int queueCount();

    /** Closes every queue; an interface that is not persistent disappears. Idempotent. */
    @Override
    void close();
}
