package io.ovl.dataplane.io;

import java.util.Set;

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

    /** What the kernel leaves to the device's reader and takes from its writer. */
    default Set<Offload> offloads() {
        return Set.of();
    }

    /** The device's queues, one for each worker. */
    TunTapQueue queue(int index);

    int queueCount();

    /** Closes every queue; an interface that is not persistent disappears. Idempotent. */
    @Override
    void close();
}
