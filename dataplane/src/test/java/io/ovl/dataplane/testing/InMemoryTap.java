package io.ovl.dataplane.testing;

import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.TapDevice;
import io.ovl.dataplane.io.TunTapQueue;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A TAP whose other side is the test.
 *
 * <p>Thread: the test's.
 */
public final class InMemoryTap implements TapDevice {
    private static final int MIN_MTU = 68;
    private static final int MAX_MTU = 65_521;

    /** How often it was looked at. */
    public int refreshCount;

    public boolean isOutOfSight;

    private final InMemoryTunTapDevice device;
    private final Set<String> bridges;
    private final long mac;
    private @Nullable String bridge;
    private boolean isUp;
    private boolean isClosed;

    InMemoryTap(String name, int queueCount, long mac, Set<String> bridges) {
        device = new InMemoryTunTapDevice(name, true, queueCount);
        device.mtu(1500);
        this.mac = mac;
        this.bridges = bridges;
    }

    /** The test's side of it. */
    public InMemoryTunTapDevice device() {
        return device;
    }

    public @Nullable String bridge() {
        return bridge;
    }

    public boolean isUp() {
        return isUp;
    }

    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public long mac() {
        return mac;
    }

    @Override
    public void changeMtu(int mtu) throws DeviceException {
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new DeviceException("set an MTU of " + mtu + " on " + name(), Errno.EINVAL);
        }
        device.mtu(mtu);
    }

    @Override
    public void joinBridge(@Nullable String name) throws DeviceException {
        if (name != null && !bridges.contains(name)) {
            throw new DeviceException("no bridge " + name, Errno.ENODEV);
        }
        bridge = name;
    }

    @Override
    public void setUp() {
        isUp = true;
    }

    @Override
    public void refresh() {
        refreshCount++;
    }

    @Override
    public boolean isOutOfSight() {
        return isOutOfSight;
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
        isClosed = true;
        device.close();
    }
}
