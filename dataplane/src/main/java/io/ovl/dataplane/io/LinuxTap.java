package io.ovl.dataplane.io;

import org.jspecify.annotations.Nullable;

/**
 * A TAP of the kernel, set up by ioctl(2), which takes microseconds where the {@code ip} tool takes milliseconds.
 *
 * <p>Deviation: an interface that has been moved to another network namespace is no longer found by its name. Its MTU and MAC address are
 * then those it had here.
 *
 * <p>Thread: the conductor; each queue its worker.
 */
public final class LinuxTap implements TapDevice {
    private final LinuxTunTap device;
    private final LinkIoctl link;
    private long mac;

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
            // It is gone, or in another network namespace: a worker notices the one, and the other
            // is nobody's fault.
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
    }
}
