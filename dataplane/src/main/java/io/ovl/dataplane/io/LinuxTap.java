package io.ovl.dataplane.io;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Set;

/**
 * A TAP of the kernel, set up by ioctl(2), which takes microseconds where the {@code ip} tool takes milliseconds.
 *
 * <p>A Linux bridge drops what is longer than a port's MTU, and tells nobody. So the interface of a TAP that is a port
 * of one has a larger MTU than {@link #mtu()}, and what is too large for the tunnel comes as far as to ovl, which
 * answers it.
 *
 * <p>Deviation: an interface that was renamed or moved to another network namespace is followed, but no longer changed:
 * whoever moved it looks after it.
 *
 * <p>Thread: the conductor, in the network namespace in which the TAP was opened; each queue its worker.
 */
public final class LinuxTap implements TapDevice {
    /** What every Ethernet port takes (IEEE 802.3 §3.2.7). */
    private static final int ETHERNET_MTU = 1500;

    private final LinuxTunTap device;
    private final LinkIoctl link;
    private long mac;
    private int carriedMtu;
    private @Nullable String bridge;

    /** Opened once the interface is no longer where it was made. */
    private @Nullable LinkQuery elsewhere;

    private boolean isOutOfSight;

    private LinuxTap(LinuxTunTap device, LinkIoctl link) {
        this.device = device;
        this.link = link;
        carriedMtu = device.mtu();
    }

    /** Makes the interface, or attaches to one of that name, in the network namespace of the calling thread. */
    public static LinuxTap open(String name, int queueCount) throws DeviceException {
        LinkIoctl link = LinkIoctl.open();
        LinuxTunTap device = null;
        try {
            device = LinuxTunTap.open(name, true, queueCount);
            LinuxTap tap = new LinuxTap(device, link);
            tap.mac = link.mac(device.name());
            return tap;
        } catch (DeviceException e) {
            link.close();
            if (device != null) {
                device.close();
            }
            throw e;
        }
    }

    @Override
    public long mac() {
        return mac;
    }

    @Override
    public void changeMtu(int mtu) throws DeviceException {
        bridge = link.bridgeOf(device.name());
        link.mtu(device.name(), interfaceMtu(mtu, bridge));
        carriedMtu = mtu;
        device.mtu(mtu);
    }

    private int interfaceMtu(int mtu, @Nullable String ofBridge) throws DeviceException {
        return ofBridge == null ? mtu : Math.max(mtu, Math.max(ETHERNET_MTU, link.mtu(ofBridge)));
    }

    @Override
    public void joinBridge(@Nullable String wanted) throws DeviceException {
        String current = link.bridgeOf(device.name());
        if (current != null && !current.equals(wanted)) {
            link.leaveBridge(current, device.name());
        }
        // Before it joins: a bridge takes over the least MTU of its ports.
        followBridge(wanted);
        if (wanted != null && !wanted.equals(current)) {
            link.joinBridge(wanted, device.name());
        }
    }

    private void followBridge(@Nullable String current) throws DeviceException {
        if (!Objects.equals(current, bridge)) {
            link.mtu(device.name(), interfaceMtu(carriedMtu, current));
            bridge = current;
        }
    }

    @Override
    public void setUp() throws DeviceException {
        link.setUp(device.name());
    }

    @Override
    public void refresh() {
        try {
            mac = link.mac(device.name());
            followBridge(link.bridgeOf(device.name()));
            int interfaceMtu = link.mtu(device.name());
            carriedMtu = bridge == null ? interfaceMtu : Math.min(interfaceMtu, carriedMtu);
            device.mtu(carriedMtu);
            isOutOfSight = false;
        } catch (DeviceException e) {
            isOutOfSight = true;
            refreshElsewhere();
        }
    }

    @Override
    public boolean isOutOfSight() {
        return isOutOfSight;
    }

    private void refreshElsewhere() {
        try {
            LinkQuery query = elsewhere;
            if (query == null) {
                query = LinkQuery.open(device);
                elsewhere = query;
            }
            query.ask();
            // Where it is gone for good a worker notices.
            if (!query.isDeleted() && query.mac() != 0) {
                mac = query.mac();
                device.mtu(query.mtu());
            }
        } catch (DeviceException e) {
            // No descriptor to ask with: what was known stays, and in a second it is tried again.
        }
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public boolean isTap() {
        return true;
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public boolean takesTcpSuperPackets() {
        return device.takesTcpSuperPackets();
    }

    @Override
    public boolean takesUdpSuperPackets() {
        return device.takesUdpSuperPackets();
    }

    @Override
    public Set<Offload> offloads() {
        return device.offloads();
    }

    @Override
    public TunTapQueue queue(int index) {
        return device.queue(index);
    }

    @Override
    public int queueCount() {
        return device.queueCount();
    }

    @Override
    public void close() {
        device.close();
        link.close();
        if (elsewhere != null) {
            elsewhere.close();
        }
    }
}
