package io.ovl.dataplane.path;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.ip.Coalescer;
import io.ovl.dataplane.ip.FrameSink;
import io.ovl.dataplane.ip.VirtioNetHeader;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * A segment's TAP as one worker sees it: its queue of the device, and the frames on their way to it.
 *
 * <p>Thread: its worker. Drops: DEVICE_WRITE_FAILED.
 */
final class TapPort implements FrameSink {
    private final Segment segment;
    private final Port port;
    private final TunTapDevice device;
    private final TunTapQueue queue;
    private final Coalescer coalescer;
    private final WorkerCounters counters;
    private final UnsafeBuffer plainHeader =
            new UnsafeBuffer(ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH));
    private final GatherList generated = new GatherList(2);
    private boolean isBusy;
    private boolean isGone;
    private boolean hasWaiting;

    TapPort(
            Segment segment,
            Port port,
            TunTapDevice device,
            int workerIndex,
            WorkerCounters counters) {
        this.segment = segment;
        this.port = port;
        this.device = device;
        this.queue = device.queue(workerIndex);
        this.counters = counters;
        coalescer =
                new Coalescer(this, device.takesTcpSuperPackets(), device.takesUdpSuperPackets());
    }

    Segment segment() {
        return segment;
    }

    Port port() {
        return port;
    }

    TunTapQueue queue() {
        return queue;
    }

    int mtu() {
        return device.mtu();
    }

    /** Whether the last read gave frames. */
    boolean isBusy() {
        return isBusy;
    }

    void isBusy(boolean value) {
        isBusy = value;
    }

    /** Whether the device has been deleted. */
    boolean isGone() {
        return isGone;
    }

    void markGone() {
        isGone = true;
        isBusy = false;
    }

    /**
     * Delivers a frame, at the latest at the next {@link #flush}; borrows its memory until then.
     *
     * @return whether it is the first one to wait for that
     */
    boolean deliver(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        coalescer.add(buffer, offset, length, linkLength);
        boolean isFirst = !hasWaiting;
        hasWaiting = true;
        return isFirst;
    }

    void flush() {
        coalescer.flush();
        hasWaiting = false;
    }

    /** Delivers a frame that ovl has made itself, complete, at once. */
    void deliverGenerated(UnsafeBuffer frame, int length) {
        generated.clear();
        generated.add(plainHeader.addressOffset(), VirtioNetHeader.LENGTH);
        generated.add(frame.addressOffset(), length);
        if (queue.write(generated) >= 0) {
            counters.add(WorkerCounter.DEVICE_GENERATED, 1);
        }
    }

    @Override
    public void write(GatherList frame, int packetCount) {
        if (queue.write(frame) < 0) {
            counters.drop(DropReason.DEVICE_WRITE_FAILED, packetCount);
        } else {
            counters.add(WorkerCounter.DEVICE_WRITES, 1);
            counters.add(WorkerCounter.DEVICE_WRITE_PACKETS, packetCount);
        }
    }
}
