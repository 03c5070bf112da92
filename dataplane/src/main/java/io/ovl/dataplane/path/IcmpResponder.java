package io.ovl.dataplane.path;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.ip.IcmpError;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Answers packets of this host that cannot be sent with an ICMP error, at a bounded rate.
 *
 * <p>Thread: its worker. Ownership: borrows the packet for the length of a call.
 */
final class IcmpResponder {
    private static final int CAPACITY = 2048;

    private final TunTapQueue queue;
    private final WorkerCounters counters;
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    private final GatherList frame = new GatherList(1);
    private final ReplyBudget budget = new ReplyBudget();

    IcmpResponder(TunTapQueue queue, WorkerCounters counters) {
        this.queue = queue;
        this.counters = counters;
    }

    /** Tells the sender that its destination cannot be reached. */
    void unreachable(UnsafeBuffer buffer, int offset, int length, long nowNs) {
        if (!budget.hasLeft(nowNs)) {
            return;
        }
        int errorLength =
                IcmpError.destinationUnreachable(
                        buffer, offset, length, scratch, TunTapQueue.VNET_HEADER_LENGTH);
        if (errorLength == 0) {
            return;
        }
        budget.spend();
        scratch.setMemory(0, TunTapQueue.VNET_HEADER_LENGTH, (byte) 0);
        frame.clear();
        frame.add(scratch.addressOffset(), TunTapQueue.VNET_HEADER_LENGTH + errorLength);
        if (queue.write(frame) >= 0) {
            counters.add(WorkerCounter.DEVICE_GENERATED, 1);
        }
    }
}
