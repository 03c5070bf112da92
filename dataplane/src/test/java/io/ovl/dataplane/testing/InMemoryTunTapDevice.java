package io.ovl.dataplane.testing;

import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;

/**
 * A device whose other side is the test: frames are injected to be read, and what is written is kept.
 *
 * <p>Thread: the test's.
 */
public final class InMemoryTunTapDevice implements TunTapDevice {
    private final String name;
    private final boolean isTap;
    private final InMemoryTunTapQueue[] queues;
    private int mtu = 1420;
    private boolean takesSuperPackets = true;

    public InMemoryTunTapDevice(String name, boolean isTap, int queueCount) {
        this.name = name;
        this.isTap = isTap;
        queues = new InMemoryTunTapQueue[queueCount];
        for (int i = 0; i < queueCount; i++) {
            queues[i] = new InMemoryTunTapQueue();
        }
    }

    /** A TUN device with one queue. */
    public static InMemoryTunTapDevice tun(String name) {
        return new InMemoryTunTapDevice(name, false, 1);
    }

    /** A TAP device with one queue. */
    public static InMemoryTunTapDevice tap(String name) {
        return new InMemoryTunTapDevice(name, true, 1);
    }

    /** The queue with the test's side of it. */
    public InMemoryTunTapQueue memory(int index) {
        return queues[index];
    }

    public void mtu(int value) {
        mtu = value;
    }

    /** Whether the kernel would take what is coalesced, TCP and UDP alike. */
    public void takesSuperPackets(boolean value) {
        takesSuperPackets = value;
    }

    /** Down: nothing to read, writes are EIO. */
    public void up(boolean isUp) {
        for (InMemoryTunTapQueue queue : queues) {
            queue.up(isUp);
        }
    }

    /** As {@code ip link delete}: the queues are dead (EBADFD). */
    public void delete() {
        for (InMemoryTunTapQueue queue : queues) {
            queue.delete();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isTap() {
        return isTap;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public boolean takesTcpSuperPackets() {
        return takesSuperPackets;
    }

    @Override
    public boolean takesUdpSuperPackets() {
        return takesSuperPackets;
    }

    @Override
    public TunTapQueue queue(int index) {
        return queues[index];
    }

    @Override
    public int queueCount() {
        return queues.length;
    }

    @Override
    public void close() {
        delete();
    }
}
