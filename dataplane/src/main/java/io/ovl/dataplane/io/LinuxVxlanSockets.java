package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's sockets for VXLAN in the clear.
 *
 * <p>The kernel's own VXLAN device writes each flow's source port into the packet. A socket has one port, so there are
 * {@value #SENDERS} to send from: as many paths as routers that hash ports can tell apart here, each with UDP_SEGMENT.
 *
 * <p>Thread: as the interface says. Errors: {@link #open} leaves nothing behind.
 */
public final class LinuxVxlanSockets implements VxlanSockets {
    private static final int SENDERS = 16;

    /** The dynamic ports, from which RFC 7348 §5 wants the source port. */
    private static final int FIRST_SOURCE_PORT = 49_152;

    private static final int SOURCE_PORTS = 16_384;

    private final List<LinuxUdpSockets> opened = new ArrayList<>();
    private final List<UdpBind> receivers = new ArrayList<>();
    private final UdpBind[][] senders;

    private LinuxVxlanSockets(int workers) {
        senders = new UdpBind[workers][SENDERS];
    }

    /**
     * Opens in the network namespace of the calling thread.
     *
     * @param seed random: where the search for free source ports begins
     */
    public static LinuxVxlanSockets open(
            @Nullable IpAddress local, int port, int workers, int fwmark, int seed)
            throws DeviceException {
        LinuxVxlanSockets sockets = new LinuxVxlanSockets(workers);
        try {
            sockets.openReceivers(new UdpOptions(local, port, workers, fwmark, false));
            sockets.openSenders(local, fwmark, seed);
            return sockets;
        } catch (DeviceException e) {
            sockets.close();
            throw e;
        }
    }

    private void openReceivers(UdpOptions options) throws DeviceException {
        LinuxUdpSockets sockets = LinuxUdpSockets.open(options);
        opened.add(sockets);
        for (int worker = 0; worker < options.workers(); worker++) {
            receivers.add(sockets.bind(worker));
        }
    }

    private void openSenders(@Nullable IpAddress local, int fwmark, int seed)
            throws DeviceException {
        int next = Math.floorMod(seed, SOURCE_PORTS);
        for (int i = 0; i < SENDERS; i++) {
            LinuxUdpSockets sockets = null;
            for (int tries = 0; sockets == null; tries++) {
                int port = FIRST_SOURCE_PORT + next;
                next = (next + 1) % SOURCE_PORTS;
                try {
                    sockets = LinuxUdpSockets.open(new UdpOptions(local, port, 1, fwmark, false));
                } catch (DeviceException e) {
                    if (e.errno() != Errno.EADDRINUSE || tries == SOURCE_PORTS) {
                        throw e;
                    }
                }
            }
            opened.add(sockets);
            sockets.refuseReceiving();
            for (UdpBind[] ofWorker : senders) {
                ofWorker[i] = sockets.bind(0);
            }
        }
    }

    @Override
    public UdpBind receiver(int worker) {
        return receivers.get(worker);
    }

    @Override
    public UdpBind sender(int worker, long flowHash) {
        return senders[worker][(int) (flowHash >>> 32) & SENDERS - 1];
    }

    @Override
    public void fwmark(int mark) throws DeviceException {
        for (LinuxUdpSockets sockets : opened) {
            sockets.fwmark(mark);
        }
    }

    @Override
    public void close() {
        opened.forEach(LinuxUdpSockets::close);
        opened.clear();
    }
}
