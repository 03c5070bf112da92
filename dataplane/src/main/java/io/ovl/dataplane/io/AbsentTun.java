package io.ovl.dataplane.io;

import io.ovl.dataplane.buffer.GatherList;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Stands for the TUN device of a daemon that carries Ethernet only: nothing to read, and nothing that takes a packet.
 *
 * <p>Thread: any; stateless.
 */
public final class AbsentTun implements TunTapDevice, TunTapQueue {
    private final String name;
    private final int queueCount;

    /** @param name what the daemon goes by */
    public AbsentTun(String name, int queueCount) {
        this.name = name;
        this.queueCount = queueCount;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isTap() {
        return false;
    }

    @Override
    public int mtu() {
        return 0;
    }

    @Override
    public boolean takesTcpSuperPackets() {
        return false;
    }

    @Override
    public boolean takesUdpSuperPackets() {
        return false;
    }

    @Override
    public TunTapQueue queue(int index) {
        return this;
    }

    @Override
    public int queueCount() {
        return queueCount;
    }

    @Override
    public int read(UnsafeBuffer buffer, int offset, int capacity) {
        return 0;
    }

    @Override
    public int write(GatherList frame) {
        return -Errno.EIO;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public void close() {}
}
