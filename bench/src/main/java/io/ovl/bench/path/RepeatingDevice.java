package io.ovl.bench.path;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A TUN device in memory that has one frame to read as often as it is told, and forgets what is written to it.
 *
 * <p>Thread: the benchmark's.
 */
final class RepeatingDevice implements TunTapDevice, TunTapQueue {
    private final UnsafeBuffer frame;
    private int left;
    private long writtenBytes;

    /** @param frame virtio header and packet */
    RepeatingDevice(UnsafeBuffer frame) {
        this.frame = frame;
    }

    void offer(int count) {
        left = count;
    }

    int left() {
        return left;
    }

    long writtenBytes() {
        return writtenBytes;
    }

    @Override
    public int read(UnsafeBuffer buffer, int offset, int capacity) {
        if (left == 0) {
            return 0;
        }
        left--;
        buffer.putBytes(offset, frame, 0, frame.capacity());
        return frame.capacity();
    }

    @Override
    public int write(GatherList list) {
        int length = list.totalLength();
        writtenBytes += length;
        return length;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public String name() {
        return "ovl0";
    }

    @Override
    public boolean isTap() {
        return false;
    }

    @Override
    public int mtu() {
        return 1420;
    }

    @Override
    public boolean takesTcpSuperPackets() {
        return true;
    }

    @Override
    public boolean takesUdpSuperPackets() {
        return true;
    }

    @Override
    public TunTapQueue queue(int index) {
        return this;
    }

    @Override
    public int queueCount() {
        return 1;
    }

    @Override
    public void close() {}
}
