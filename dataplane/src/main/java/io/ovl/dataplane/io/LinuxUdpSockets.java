package io.ovl.dataplane.io;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The UDP sockets of a daemon: one for each worker, all on one port, flows spread over them by the kernel
 * (SO_REUSEPORT).
 *
 * <p>Thread: the conductor. Ownership: owns the descriptors; its binds borrow them, so {@link #close} comes after their
 * users stopped. Errors: {@link #open} leaves nothing behind; EADDRINUSE also when the other owner would share the
 * port.
 */
public final class LinuxUdpSockets implements UdpSockets {
    private final List<UdpSocket> sockets = new ArrayList<>();

    private LinuxUdpSockets() {}

    /** Opens in the network namespace of the calling thread. */
    public static LinuxUdpSockets open(UdpOptions options) throws DeviceException {
        LinuxUdpSockets opened = new LinuxUdpSockets();
        try {
            int port = options.port();
            for (int i = 0; i < options.workers(); i++) {
                UdpSocket socket = UdpSocket.open(options, port, i == 0);
                opened.sockets.add(socket);
                port = socket.port();
            }
            return opened;
        } catch (DeviceException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * A new bind on the socket of a worker. The conductor sends through one of its own on worker 0's and leaves
     * receiving to the worker.
     */
    @Override
    public LinuxUdpBind bind(int worker) {
        return new LinuxUdpBind(sockets.get(worker));
    }

    @Override
    public int port() {
        return sockets.getFirst().port();
    }

    @Override
    public void fwmark(int mark) throws DeviceException {
        for (UdpSocket socket : sockets) {
            socket.fwmark(mark);
        }
    }

    /** Whether the kernel does IPv6; without, sending there is EAFNOSUPPORT. */
    public boolean isDualStack() {
        return sockets.getFirst().isDualStack();
    }

    @Override
    public Set<Offload> offloads() {
        Set<Offload> offloads = EnumSet.noneOf(Offload.class);
        if (isSegmenting()) {
            offloads.add(Offload.UDP_SEGMENT);
        }
        if (isGro()) {
            offloads.add(Offload.UDP_GRO);
        }
        return offloads;
    }

    /** Whether messages leave as super-packets (UDP_SEGMENT); false after the kernel refused one. */
    public boolean isSegmenting() {
        return sockets.stream().allMatch(UdpSocket::canSegment);
    }

    /** Whether datagrams arrive joined (UDP_GRO). */
    public boolean isGro() {
        return sockets.stream().allMatch(UdpSocket::isGro);
    }

    /** What the kernel granted, which is twice what was asked for as it counts its own overhead. Bytes. */
    public int receiveBufferLength() {
        return sockets.getFirst().receiveBufferLength();
    }

    /** Has the kernel throw away what arrives, for sockets that are only sent from. */
    void refuseReceiving() {
        for (UdpSocket socket : sockets) {
            socket.refuseReceiving();
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        for (UdpSocket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
