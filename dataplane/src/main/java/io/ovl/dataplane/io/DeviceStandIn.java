package io.ovl.dataplane.io;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What stands in for a device and the host behind it: two connected datagram sockets, a frame in each datagram. Makes
 * no interface and needs no privileges, and the code that carries packets cannot tell it from a device.
 *
 * <p>Thread: one at the host's end; the device as it says. Ownership: owns the host's descriptor, the device its own.
 * Errors: {@link #open} throws and leaves nothing behind.
 */
public final class DeviceStandIn implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 0x80802;

    private final LibC libc = new LibC();
    private final LinuxTunTap device;
    private final int hostFd;

    private DeviceStandIn(LinuxTunTap device, int hostFd) {
        this.device = device;
        this.hostFd = hostFd;
    }

    /** Joins two sockets, one of which is the device's. */
    public static DeviceStandIn open(String name, int mtu) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptors = arena.allocate(ValueLayout.JAVA_INT, 2);
            int result =
                    new LibC()
                            .socketpair(
                                    AF_UNIX, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0, descriptors.address());
            if (result < 0) {
                throw new DeviceException("socketpair: " + Errno.name(-result), -result);
            }
            int deviceFd = descriptors.getAtIndex(ValueLayout.JAVA_INT, 0);
            int hostFd = descriptors.getAtIndex(ValueLayout.JAVA_INT, 1);
            return new DeviceStandIn(LinuxTunTap.overSocket(name, deviceFd, mtu), hostFd);
        }
    }

    /** The device, which its user closes. */
    public LinuxTunTap device() {
        return device;
    }

    /** Hands the device a frame with its header; one that finds no room is lost. */
    public void send(UnsafeBuffer frame, int length) {
        frame.boundsCheck(0, length);
        libc.write(hostFd, frame.addressOffset(), length);
    }

    /** The length of a frame that the device wrote, with its header; 0 when there is none. */
    public int receive(UnsafeBuffer frame) {
        return Math.max(0, libc.read(hostFd, frame.addressOffset(), frame.capacity()));
    }

    @Override
    public void close() {
        libc.close(hostFd);
    }
}
