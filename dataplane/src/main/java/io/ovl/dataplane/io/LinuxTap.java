package io.ovl.dataplane.io;

import org.jspecify.annotations.Nullable;

/**
 * A TAP of the kernel, set up by ioctl(2), which takes microseconds where the {@code ip} tool takes milliseconds.
 *
 * <p>Deviation: an interface that was renamed or moved to another network namespace is followed, but no longer changed: whoever moved it
 * looks after it.
 *
 * <p>Thread: the conductor, in the network namespace in which the TAP was opened; each queue its worker.
 */
public final class LinuxTap implements TapDevice {
    private final LinuxTunTap device;
    private final LinkIoctl link;
    private long mac;

    /** Opened once the interface is no longer where it was made. */
    private @Nullable LinkQuery elsewhere;

    private LinuxTap(LinuxTunTap device, LinkIoctl link) {
        this.device = device;
        this.link = link;
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
        link.mtu(device.name(), mtu);
        device.mtu(mtu);
    }

    @Override
    public void joinBridge(@Nullable String bridge) throws DeviceException {
        String current = link.bridgeOf(device.name());
        if (current != null && !current.equals(bridge)) {
            link.leaveBridge(current, device.name());
        }
        if (bridge != null && !bridge.equals(current)) {
            link.joinBridge(bridge, device.name());
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
            device.mtu(link.mtu(device.name()));
        } catch (DeviceException e) {
            refreshElsewhere();
        }
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
