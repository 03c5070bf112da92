package io.ovl.dataplane.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Settings of network interfaces by netdevice(7) ioctls, in the network namespace in which it was opened.
 *
 * <p>Thread: one owner. Errors: {@link DeviceException}, nothing changed; ENODEV when there is no such interface.
 */
final class LinkIoctl implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final long SIOCGIFFLAGS = 0x8913L;
    private static final long SIOCSIFFLAGS = 0x8914L;
    private static final long SIOCGIFMTU = 0x8921L;
    private static final long SIOCSIFMTU = 0x8922L;
    private static final long SIOCGIFHWADDR = 0x8927L;
    private static final long SIOCGIFINDEX = 0x8933L;
    private static final long SIOCBRADDIF = 0x89a2L;
    private static final long SIOCBRDELIF = 0x89a3L;
    private static final int IFREQ_LENGTH = 40;
    private static final int DATA_OFFSET = 16;
    private static final int MAC_OFFSET = DATA_OFFSET + 2;
    private static final int MAC_LENGTH = 6;
    private static final short IFF_UP = 1;

    private final LibC libc = new LibC();
    private final int socket;

    private LinkIoctl(int socket) {
        this.socket = socket;
    }

    /** Opens in the network namespace of the calling thread. */
    static LinkIoctl open() throws DeviceException {
        int socket = new LibC().socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (socket < 0) {
            throw new DeviceException(
                    "open a socket: "
                            + Errno.name(-socket)
                            + (socket == -Errno.EMFILE ? "; " + LinuxTunTap.MORE_FILES : ""),
                    -socket);
        }
        return new LinkIoctl(socket);
    }

    long mac(String name) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = call(arena, "read the MAC address of ", SIOCGIFHWADDR, name, 0);
            long mac = 0;
            for (int i = 0; i < MAC_LENGTH; i++) {
                mac = mac << 8 | request.get(ValueLayout.JAVA_BYTE, MAC_OFFSET + i) & 0xff;
            }
            return mac;
        }
    }

    int mtu(String name) throws DeviceException {
        return number("read the MTU of ", SIOCGIFMTU, name);
    }

    void mtu(String name, int mtu) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            call(arena, "set an MTU of " + mtu + " on ", SIOCSIFMTU, name, mtu);
        }
    }

    void setUp(String name) throws DeviceException {
        int flags = number("read the flags of ", SIOCGIFFLAGS, name) & 0xffff;
        if ((flags & IFF_UP) == 0) {
            try (Arena arena = Arena.ofConfined()) {
                call(arena, "set up ", SIOCSIFFLAGS, name, flags | IFF_UP);
            }
        }
    }

    /** The bridge that the interface is a port of; null when there is none, or another kind of master. */
    @Nullable String bridgeOf(String name) {
        Path port = Path.of("/sys/class/net", name, "brport", "bridge");
        try {
            Path bridge = Files.readSymbolicLink(port).getFileName();
            return bridge == null ? null : bridge.toString();
        } catch (IOException e) {
            return null;
        }
    }

    void joinBridge(String bridge, String name) throws DeviceException {
        bridgePort("add " + name + " to bridge ", SIOCBRADDIF, bridge, name);
    }

    void leaveBridge(String bridge, String name) throws DeviceException {
        bridgePort("take " + name + " out of bridge ", SIOCBRDELIF, bridge, name);
    }

    private void bridgePort(String what, long request, String bridge, String name)
            throws DeviceException {
        int index = number("find ", SIOCGIFINDEX, name);
        try (Arena arena = Arena.ofConfined()) {
            call(arena, what, request, bridge, index);
        }
    }

    private int number(String what, long request, String name) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            return call(arena, what, request, name, 0).get(ValueLayout.JAVA_INT, DATA_OFFSET);
        }
    }

    private MemorySegment call(Arena arena, String what, long request, String name, int value)
            throws DeviceException {
        MemorySegment data = arena.allocate(IFREQ_LENGTH, 8);
        data.setString(0, name, UTF_8);
        data.set(ValueLayout.JAVA_INT, DATA_OFFSET, value);
        int result = libc.ioctl(socket, request, data.address());
        if (result < 0) {
            throw new DeviceException(
                    what + name + ": " + Errno.name(-result) + advice(-result), -result);
        }
        return data;
    }

    private static String advice(int errno) {
        return switch (errno) {
            case Errno.ENODEV -> "; there is no such interface here";
            case Errno.EPERM -> "; run as root or with CAP_NET_ADMIN";
            case Errno.EINVAL -> "; the kernel does not take that";
            case Errno.EBUSY -> "; it belongs to another bridge";
            default -> "";
        };
    }

    @Override
    public void close() {
        libc.close(socket);
    }
}
