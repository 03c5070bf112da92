package io.ovl.dataplane.path;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.ip.Coalescer;
import io.ovl.dataplane.ip.FrameSink;
import io.ovl.dataplane.ip.PartialFrame;
import io.ovl.dataplane.ip.VirtioNetHeader;
import io.ovl.dataplane.l2.EthernetFlyweight;
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
    private final UnsafeBuffer partialHeader =
            new UnsafeBuffer(ByteBuffer.allocateDirect(VirtioNetHeader.LENGTH));
    private final GatherList single = new GatherList(2);
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

    /**
     * The largest IP packet behind that link header: tags come off an MTU that was computed, but not off one that was
     * set.
     */
    int packetMtu(int linkLength) {
        boolean isComputed = segment.settings().mtu() == 0;
        return mtu() - (isComputed ? linkLength - EthernetFlyweight.HEADER_LENGTH : 0);
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

    /**
     * Delivers a frame with a partial checksum at once, behind those that came before it.
     *
     * @param datagramLength payload of each datagram of a UDP super-packet; 0 when it is none
     */
    void deliverPartial(
            UnsafeBuffer buffer,
            int offset,
            int linkLength,
            PartialFrame partial,
            int datagramLength) {
        coalescer.flush();
        partial.putVirtioHeader(partialHeader, 0, packetMtu(linkLength), datagramLength);
        gather(partialHeader, buffer, offset, partial.length());
        write(single, 1);
    }

    private void gather(UnsafeBuffer virtioHeader, UnsafeBuffer buffer, int offset, int length) {
        single.clear();
        single.add(virtioHeader.addressOffset(), VirtioNetHeader.LENGTH);
        single.add(buffer.addressOffset() + offset, length);
    }

    void flush() {
        coalescer.flush();
        hasWaiting = false;
    }

    /** Delivers a frame that ovl has made itself, complete, at once. */
    void deliverGenerated(UnsafeBuffer frame, int length) {
        gather(plainHeader, frame, 0, length);
        if (queue.write(single) >= 0) {
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
