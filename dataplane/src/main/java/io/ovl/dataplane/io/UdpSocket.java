package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An open UDP socket and what its binds have learned about it.
 *
 * <p>Thread: {@link #canSegment} and {@link #fd} any, the rest the conductor.
 */
final class UdpSocket {
    /** As wireguard-go has it: a burst of super-packets fits. Bytes. */
    static final int BUFFER_LENGTH = 7 * 1024 * 1024;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 0x80802;

    private static final int SOL_IP = 0;
    private static final int IP_PKTINFO = 8;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IP_RECVTOS = 13;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_MARK = 36;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_RECVTCLASS = 66;
    private static final int IPV4_ADDRESS_OFFSET = 4;
    private static final int IPV6_ADDRESS_OFFSET = 8;
    private static final int PMTUDISC_DONT = 0;
    private static final int PMTUDISC_DO = 2;

    private final LibC libc = new LibC();
    private final boolean isDualStack;
    private final int fd;
    private boolean isGro;
    private int port;
    private volatile boolean canSegment;

    private UdpSocket(boolean isDualStack, int fd) {
        this.isDualStack = isDualStack;
        this.fd = fd;
    }

    /**
     * Opens and binds a socket.
     *
     * @param port the port, which overrides that of the options
     * @param isFirst the first on this port: another owner of the port makes it fail, even one that shares
     */
    static UdpSocket open(UdpOptions options, int port, boolean isFirst) throws DeviceException {
        UdpSocket socket = create();
        try {
            socket.configure(options, isFirst);
            socket.bind(options.local(), port);
            if (isFirst && options.workers() > 1) {
                // Only now, so that the first bind meets strangers on the port with EADDRINUSE.
                socket.require("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1);
            }
            return socket;
        } catch (DeviceException e) {
            socket.close();
            throw e;
        }
    }

    private static UdpSocket create() throws DeviceException {
        LibC libc = new LibC();
        boolean isDualStack = true;
        int fd = libc.socket(AF_INET6, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        if (fd == -Errno.EAFNOSUPPORT) {
            isDualStack = false;
            fd = libc.socket(AF_INET, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        }
        if (fd < 0) {
            throw new DeviceException("open a UDP socket: " + Errno.name(-fd), -fd);
        }
        return new UdpSocket(isDualStack, fd);
    }

    private void configure(UdpOptions options, boolean isFirst) throws DeviceException {
        int discovery = options.allowsFragments() ? PMTUDISC_DONT : PMTUDISC_DO;
        if (isDualStack) {
            require("IPV6_V6ONLY", SOL_IPV6, IPV6_V6ONLY, 0);
            require("IPV6_RECVPKTINFO", SOL_IPV6, IPV6_RECVPKTINFO, 1);
            require("IPV6_RECVTCLASS", SOL_IPV6, IPV6_RECVTCLASS, 1);
            require("IPV6_MTU_DISCOVER", SOL_IPV6, IPV6_MTU_DISCOVER, discovery);
        } else {
            require("IP_PKTINFO", SOL_IP, IP_PKTINFO, 1);
        }
        require("IP_RECVTOS", SOL_IP, IP_RECVTOS, 1);
        require("IP_MTU_DISCOVER", SOL_IP, IP_MTU_DISCOVER, discovery);
        if (!isFirst) {
            require("SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1);
        }
        if (options.fwmark() != 0) {
            require("SO_MARK", SOL_SOCKET, SO_MARK, options.fwmark());
        }
        growBuffer(SO_SNDBUFFORCE, SO_SNDBUF);
        growBuffer(SO_RCVBUFFORCE, SO_RCVBUF);
        isGro = libc.setIntOption(fd, SOL_UDP, UDP_GRO, 1) == 0;
        canSegment = libc.intOption(fd, SOL_UDP, UDP_SEGMENT) >= 0;
    }

    /** Beyond net.core.[rw]mem_max where we may, up to it where not. */
    private void growBuffer(int forceOption, int option) {
        if (libc.setIntOption(fd, SOL_SOCKET, forceOption, BUFFER_LENGTH) < 0) {
            libc.setIntOption(fd, SOL_SOCKET, option, BUFFER_LENGTH);
        }
    }

    private static String bindAdvice(int errno, int port) {
        return switch (errno) {
            case Errno.EADDRINUSE ->
                    "; another process has that port (ss -lunp sport = :"
                            + port
                            + " shows which), or a WireGuard or VXLAN device of the kernel: stop"
                            + " that, or choose another port";
            case Errno.EADDRNOTAVAIL -> "; no interface of this machine has that address";
            case Errno.EACCES, Errno.EPERM ->
                    "; a port below 1024 takes root or CAP_NET_BIND_SERVICE: choose a higher one";
            default -> "";
        };
    }

    private void bind(@Nullable IpAddress local, int wanted) throws DeviceException {
        try (Arena arena = Arena.ofConfined()) {
            int length = isDualStack ? 28 : 16;
            MemorySegment name = arena.allocate(28, 8);
            ValueLayout.OfShort portLayout = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) (isDualStack ? AF_INET6 : AF_INET));
            name.set(portLayout, 2, (short) wanted);
            if (local != null) {
                putAddress(name, local);
            }
            int result = libc.bind(fd, name.address(), length);
            if (result < 0) {
                throw new DeviceException(
                        "bind UDP "
                                + (local == null ? "" : local + " ")
                                + "port "
                                + wanted
                                + ": "
                                + Errno.name(-result)
                                + bindAdvice(-result, wanted),
                        -result);
            }
            MemorySegment lengthCell = arena.allocateFrom(ValueLayout.JAVA_INT, length);
            result = libc.getsockname(fd, name.address(), lengthCell.address());
            if (result < 0) {
                throw new DeviceException("getsockname: " + Errno.name(-result), -result);
            }
            port = name.get(portLayout, 2) & 0xffff;
        }
    }

    /** An IPv4 address is IPv4-mapped on a socket that does both. */
    private void putAddress(MemorySegment name, IpAddress address) throws DeviceException {
        byte[] bytes = address.bytes();
        if (!isDualStack && address.isIpv6()) {
            throw new DeviceException("bind " + address + ": no IPv6 here", Errno.EAFNOSUPPORT);
        }
        int offset = !isDualStack ? IPV4_ADDRESS_OFFSET : IPV6_ADDRESS_OFFSET;
        if (isDualStack && !address.isIpv6()) {
            name.set(ValueLayout.JAVA_SHORT, offset + 10, (short) -1);
            offset += 12;
        }
        MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    private void require(String name, int level, int option, int value) throws DeviceException {
        int result = libc.setIntOption(fd, level, option, value);
        if (result < 0) {
            String advice = -result == Errno.EPERM ? "; run as root or with CAP_NET_ADMIN" : "";
            throw new DeviceException(
                    "set " + name + " to " + value + ": " + Errno.name(-result) + advice, -result);
        }
    }

    void fwmark(int mark) throws DeviceException {
        require("SO_MARK", SOL_SOCKET, SO_MARK, mark);
    }

    int fd() {
        return fd;
    }

    int port() {
        return port;
    }

    /** Whether IPv6 works, IPv4 then being IPv4-mapped; IPv4 alone otherwise. */
    boolean isDualStack() {
        return isDualStack;
    }

    boolean isGro() {
        return isGro;
    }

    /** Whether the kernel splits a message into segments (UDP_SEGMENT), as far as is known. */
    boolean canSegment() {
        return canSegment;
    }

    /** Remembers that the path of this socket cannot: EIO, an IPsec policy or an interface without checksum offload. */
    void forgetSegmenting() {
        canSegment = false;
    }

    /** Shrinks the receive buffer to the kernel's least, which is soon full for good. */
    void refuseReceiving() {
        libc.setIntOption(fd, SOL_SOCKET, SO_RCVBUF, 0);
    }

    int receiveBufferLength() {
        return libc.intOption(fd, SOL_SOCKET, SO_RCVBUF);
    }

    void close() {
        libc.close(fd);
    }
}
