package io.ovl.dataplane.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A TUN or TAP device of the kernel, with a virtio header on every frame and as many offloads as the kernel grants.
 *
 * <p>The interface may be moved to another network namespace at any time: from then on its name and index mean nothing
 * here, so what changes about it comes from a {@link LinkMonitor}, which writes it down with {@link #mtu(int)}.
 *
 * <p>Thread: the conductor; {@link #mtu()} any; each queue its worker. Errors: {@link #open} throws and leaves nothing
 * behind.
 */
public final class LinuxTunTap implements TunTapDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNGETIFF = 0x800454d2L;
    private static final long TUNSETVNETHDRSZ = 0x400454d8L;
    private static final long TUNGETDEVNETNS = 0x54e3L;
    private static final int IFF_TUN = 0x1;
    private static final int IFF_TAP = 0x2;
    private static final int IFF_MULTI_QUEUE = 0x100;
    private static final int IFF_PERSIST = 0x800;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;

    private static final int CSUM = 0x1;
    private static final int TSO = 0x2 | 0x4;
    private static final int USO = 0x20 | 0x40;

    /** From all to none; a kernel refuses a set that holds a flag it does not know. */
    private static final int[] OFFLOAD_CHOICES = {CSUM | TSO | USO, CSUM | TSO, CSUM, 0};

    private static final int IFREQ_LENGTH = 40;
    private static final int IFREQ_DATA_OFFSET = 16;
    private static final int MAX_NAME_LENGTH = 15;
    private static final long SIOCGIFMTU = 0x8921L;
    private static final long SIOCSIFMTU = 0x8922L;

    /**
     * What fits into 1,500 bytes over IPv6, as WireGuard has it. At the kernel's own 1,500 every full packet would
     * travel as two fragments, and no super-packet could be segmented by the socket.
     */
    private static final int NEW_TUN_MTU = 1420;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;

    private final LibC libc = new LibC();
    private final boolean isTap;
    private final List<LinuxTunTapQueue> queues = new ArrayList<>();
    private String name;
    private int ifindex;
    private Set<Offload> offloads = Collections.emptySet();
    private volatile int mtu;

    private LinuxTunTap(String name, boolean isTap) {
        this.name = name;
        this.isTap = isTap;
    }

    /**
     * Creates the interface, or attaches to a persistent one of that name.
     *
     * @param name 1 to 15 bytes; a {@code %d} in it becomes the first free number
     * @param queueCount more than one needs a device with multiple queues, which a new one is
     */
    public static LinuxTunTap open(String name, boolean isTap, int queueCount)
            throws DeviceException {
        int length = name.getBytes(UTF_8).length;
        if (length == 0 || length > MAX_NAME_LENGTH || name.contains("/")) {
            throw new DeviceException(
                    "interface name \"" + name + "\": 1 to 15 bytes without '/'", Errno.EINVAL);
        }
        LinuxTunTap device = new LinuxTunTap(name, isTap);
        try {
            device.attachAll(queueCount);
            return device;
        } catch (DeviceException e) {
            device.close();
            throw e;
        }
    }

    /**
     * A stand-in where there is no interface to make: every datagram of a connected socket is a frame with its header.
     *
     * <p>Ownership: takes the descriptor.
     */
    public static LinuxTunTap overSocket(String name, int fd, int mtu) {
        LinuxTunTap device = new LinuxTunTap(name, false);
        device.queues.add(new LinuxTunTapQueue(fd));
        device.offloads = EnumSet.of(Offload.CHECKSUM, Offload.TSO4, Offload.TSO6, Offload.USO);
        device.mtu = mtu;
        return device;
    }

    private void attachAll(int queueCount) throws DeviceException {
        boolean existed = libc.interfaceIndex(name) > 0;
        // Without IFF_MULTI_QUEUE a second process gets EBUSY instead of a share of our packets.
        int flags = queueCount == 1 ? 0 : IFF_MULTI_QUEUE;
        int result = attach(flags);
        if (result == -Errno.EINVAL && queueCount == 1) {
            flags = IFF_MULTI_QUEUE;
            result = attach(flags);
        }
        if (result < 0) {
            throw attachFailed(-result, queueCount);
        }
        if (flags != 0 && existed && (deviceFlags() & IFF_PERSIST) == 0) {
            throw attachFailed(Errno.EBUSY, queueCount);
        }
        while (queues.size() < queueCount) {
            result = attach(flags);
            if (result < 0) {
                throw attachFailed(-result, queueCount);
            }
        }
        offloads = negotiateOffloads();
        ifindex = Math.max(0, libc.interfaceIndex(name));
        if (!existed && !isTap) {
            writeMtu(NEW_TUN_MTU);
        }
        mtu = readMtu();
    }

    private int attach(int flags) throws DeviceException {
        int fd = libc.open(CLONE_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) {
            throw openFailed(-fd);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena);
            int kind = isTap ? IFF_TAP : IFF_TUN;
            request.set(
                    ValueLayout.JAVA_SHORT,
                    IFREQ_DATA_OFFSET,
                    (short) (kind | IFF_NO_PI | IFF_VNET_HDR | flags));
            int result = libc.ioctl(fd, TUNSETIFF, request.address());
            if (result == 0) {
                name = request.getString(0, UTF_8);
                MemorySegment headerLength =
                        arena.allocateFrom(ValueLayout.JAVA_INT, TunTapQueue.VNET_HEADER_LENGTH);
                result = libc.ioctl(fd, TUNSETVNETHDRSZ, headerLength.address());
            }
            if (result < 0) {
                libc.close(fd);
                return result;
            }
        }
        queues.add(new LinuxTunTapQueue(fd));
        return 0;
    }

    private Set<Offload> negotiateOffloads() {
        for (int choice : OFFLOAD_CHOICES) {
            if (libc.ioctl(queues.getFirst().fd(), TUNSETOFFLOAD, choice) == 0) {
                EnumSet<Offload> granted = EnumSet.noneOf(Offload.class);
                if ((choice & CSUM) != 0) {
                    granted.add(Offload.CHECKSUM);
                }
                if ((choice & TSO) != 0) {
                    granted.add(Offload.TSO4);
                    granted.add(Offload.TSO6);
                }
                if ((choice & USO) != 0) {
                    granted.add(Offload.USO);
                }
                return Collections.unmodifiableSet(granted);
            }
        }
        return Collections.emptySet();
    }

    private int deviceFlags() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_LENGTH, 8);
            int result = libc.ioctl(queues.getFirst().fd(), TUNGETIFF, request.address());
            return result < 0 ? 0 : request.get(ValueLayout.JAVA_SHORT, IFREQ_DATA_OFFSET);
        }
    }

    /** The name it goes by now, wherever it is, in UTF-8; empty when it is gone. */
    byte[] currentName() {
        if (queues.isEmpty()) {
            return new byte[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(IFREQ_LENGTH, 8);
            int result = libc.ioctl(queues.getFirst().fd(), TUNGETIFF, request.address());
            return result < 0 ? new byte[0] : request.getString(0, UTF_8).getBytes(UTF_8);
        }
    }

    private int readMtu() throws DeviceException {
        return requestMtu("read", SIOCGIFMTU, 0);
    }

    private void writeMtu(int value) throws DeviceException {
        requestMtu("set", SIOCSIFMTU, value);
    }

    private int requestMtu(String verb, long operation, int value) throws DeviceException {
        int socket = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = request(arena);
            request.set(ValueLayout.JAVA_INT, IFREQ_DATA_OFFSET, value);
            int result = socket < 0 ? socket : libc.ioctl(socket, operation, request.address());
            if (result < 0) {
                throw new DeviceException(
                        verb + " the MTU of " + name + ": " + Errno.name(-result), -result);
            }
            return request.get(ValueLayout.JAVA_INT, IFREQ_DATA_OFFSET);
        } finally {
            libc.close(socket);
        }
    }

    private MemorySegment request(Arena arena) {
        MemorySegment request = arena.allocate(IFREQ_LENGTH, 8);
        request.setString(0, name, UTF_8);
        return request;
    }

    @Override
    public String name() {
        return name;
    }

    /** The interface's index in the network namespace it was opened in, 0 if it was gone again at once. */
    public int ifindex() {
        return ifindex;
    }

    @Override
    public boolean isTap() {
        return isTap;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    /** Notes the MTU that a {@link LinkMonitor} read. */
    public void mtu(int value) {
        mtu = value;
    }

    @Override
    public boolean takesTcpSuperPackets() {
        return offloads.contains(Offload.TSO4);
    }

    @Override
    public boolean takesUdpSuperPackets() {
        return offloads.contains(Offload.USO);
    }

    /** What was granted, unmodifiable. */
    @Override
    public Set<Offload> offloads() {
        return offloads;
    }

    /**
     * Opens the network namespace that the interface is in now, wherever it has been moved to.
     *
     * @return a file descriptor that the caller closes, or a negated errno: {@code -EBADFD} when the interface is gone
     */
    int openNetworkNamespace() {
        return queues.isEmpty()
                ? -Errno.EBADFD
                : libc.ioctl(queues.getFirst().fd(), TUNGETDEVNETNS, 0);
    }

    @Override
    public TunTapQueue queue(int index) {
        return queues.get(index);
    }

    @Override
    public int queueCount() {
        return queues.size();
    }

    @Override
    public void close() {
        for (LinuxTunTapQueue queue : queues) {
            libc.close(queue.fd());
        }
        queues.clear();
    }

    /** Of each segment's TAP every worker opens a descriptor, and the conductor one to set it up with. */
    static final String MORE_FILES =
            "this process may have no more open files: raise its limit (LimitNOFILE= of the"
                    + " service, ulimit -n)";

    private static DeviceException openFailed(int errno) {
        String advice =
                switch (errno) {
                    case Errno.ENOENT, Errno.ENODEV -> "load the kernel's tun module: modprobe tun";
                    case Errno.EACCES, Errno.EPERM ->
                            "run as root, or allow the service that device"
                                    + " (DeviceAllow=/dev/net/tun rw)";
                    case Errno.EMFILE -> MORE_FILES;
                    default -> "is this a container without that device?";
                };
        return new DeviceException(
                "open " + CLONE_DEVICE + ": " + Errno.name(errno) + "; " + advice, errno);
    }

    private DeviceException attachFailed(int errno, int queueCount) {
        String kind = isTap ? "tap" : "tun";
        String advice =
                switch (errno) {
                    case Errno.EPERM -> "run as root or with CAP_NET_ADMIN";
                    case Errno.EBUSY -> "another process uses it; stop that or choose another name";
                    case Errno.EINVAL ->
                            "it exists as something else than a "
                                    + kind
                                    + " device with "
                                    + (queueCount == 1 ? "one queue" : "multi_queue")
                                    + "; ip link delete "
                                    + name
                                    + ", or choose another name";
                    default -> "the kernel refused";
                };
        // What the kernel calls an invalid argument is one only because of what is there already.
        return new DeviceException(
                "create " + kind + " device " + name + ": " + Errno.name(errno) + "; " + advice,
                errno == Errno.EINVAL ? Errno.EEXIST : errno);
    }
}
