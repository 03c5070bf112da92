package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.control.SegmentEdges;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.UdpSocketFactory;
import io.ovl.dataplane.io.UdpSockets;
import io.ovl.dataplane.io.UnderlayRoutes;
import io.ovl.dataplane.io.VxlanSockets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * TAPs, sockets and routes of a machine that there is not.
 *
 * <p>Thread: the test's.
 */
public final class InMemorySegmentEdges implements UnderlayRoutes {
    /** The TAPs that were opened last, by name. */
    public final Map<String, InMemoryTap> taps = new TreeMap<>();

    /** Names that cannot be opened. */
    public final Set<String> busy = new HashSet<>();

    public final Set<String> bridges = new HashSet<>();
    public final List<String> notices = new ArrayList<>();
    public final List<Sockets> sockets = new ArrayList<>();
    public final Set<IpAddress> ownAddresses = new HashSet<>();
    public int underlayMtu = 1500;

    /** Whether something has changed that nobody has asked about. */
    public boolean hasHostChanged;

    /** How often the MTU of a route was asked for. */
    public int mtuQuestions;

    private final int workerCount;
    private final UdpSocketFactory udp;
    private int lastUnderlayMtu = underlayMtu;
    private long lastMac = 0x0200_0000_ff00L;

    /** @param udp where VXLAN in the clear goes through */
    public InMemorySegmentEdges(int workerCount, UdpSocketFactory udp) {
        this.workerCount = workerCount;
        this.udp = udp;
    }

    public SegmentEdges edges() {
        return new SegmentEdges(
                this::openTap, this::openSockets, this, this::takeHostChange, notices::add);
    }

    private boolean takeHostChange() {
        boolean hasChanged = hasHostChanged || underlayMtu != lastUnderlayMtu;
        hasHostChanged = false;
        lastUnderlayMtu = underlayMtu;
        return hasChanged;
    }

    /** The TAP with that name, which must have been opened. */
    public InMemoryTap tap(String name) {
        InMemoryTap tap = taps.get(name);
        if (tap == null) {
            throw new AssertionError("nobody opened " + name);
        }
        return tap;
    }

    private InMemoryTap openTap(String name) throws DeviceException {
        InMemoryTap last = taps.get(name);
        if (busy.contains(name) || last != null && !last.isClosed()) {
            throw new DeviceException("create tap device " + name + ": EBUSY", Errno.EBUSY);
        }
        InMemoryTap tap = new InMemoryTap(name, workerCount, ++lastMac, bridges);
        taps.put(name, tap);
        return tap;
    }

    private VxlanSockets openSockets(@Nullable IpAddress local, int port, int fwmark)
            throws DeviceException {
        Sockets opened = new Sockets(udp.open(port, fwmark), fwmark);
        sockets.add(opened);
        return opened;
    }

    @Override
    public int mtuTo(IpAddress destination) {
        mtuQuestions++;
        return underlayMtu;
    }

    @Override
    public @Nullable IpAddress sourceTo(IpAddress destination) {
        return null;
    }

    @Override
    public Collection<IpAddress> ownAddresses() {
        return ownAddresses;
    }

    /** One socket for both directions. */
    public static final class Sockets implements VxlanSockets {
        private final UdpSockets udp;
        private int fwmark;
        private boolean isClosed;

        private Sockets(UdpSockets udp, int fwmark) {
            this.udp = udp;
            this.fwmark = fwmark;
        }

        public int fwmark() {
            return fwmark;
        }

        public boolean isClosed() {
            return isClosed;
        }

        @Override
        public UdpBind receiver(int worker) {
            return udp.bind(worker);
        }

        @Override
        public UdpBind sender(int worker, long flowHash) {
            return udp.bind(worker);
        }

        @Override
        public void fwmark(int mark) throws DeviceException {
            udp.fwmark(mark);
            fwmark = mark;
        }

        @Override
        public void close() {
            isClosed = true;
            udp.close();
        }
    }
}
