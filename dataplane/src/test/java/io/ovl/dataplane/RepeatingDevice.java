package io.ovl.dataplane;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A TUN device that has the same frame to read again and again, and forgets what is written to it. Allocates nothing.
 *
 * <p>Thread: the test's.
 */
final class RepeatingDevice implements TunTapDevice, TunTapQueue {
    private UnsafeBuffer frame = new UnsafeBuffer(new byte[0]);
    private int left;
    private long writtenCount;
    private int errno;

    /** Has {@code count} frames to read, each a header of virtio and a packet. */
    void offer(UnsafeBuffer headerAndPacket, int count) {
        frame = headerAndPacket;
        left = count;
    }

    /** Frames not read yet. */
    int left() {
        return left;
    }

    long writtenCount() {
        return writtenCount;
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

    /** Refuses what is written to it. */
    void refuse(int value) {
        errno = value;
    }

    @Override
    public int write(GatherList frame) {
        if (errno != 0) {
            return -errno;
        }
        writtenCount++;
        return frame.totalLength();
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
