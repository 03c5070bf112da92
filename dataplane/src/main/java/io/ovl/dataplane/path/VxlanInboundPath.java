package io.ovl.dataplane.path;

import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import java.util.ArrayList;
import java.util.List;

/**
 * Wire to host in the clear: <b>receive</b> from each VXLAN socket in turn; from there on see
 * {@link InboundSwitchPath}.
 *
 * <p>Thread: its worker. Drops: INVALID_LENGTH and those of {@link InboundSwitchPath}.
 */
final class VxlanInboundPath {
    private static final int MESSAGES = 16;

    private final int workerIndex;
    private final InboundSwitchPath inboundSwitch;
    private final Readiness readiness;
    private final WorkerCounters counters;
    private final ReceiveBatch batch = new ReceiveBatch(MESSAGES);
    private final List<UdpBind> binds = new ArrayList<>();

    VxlanInboundPath(
            int workerIndex,
            InboundSwitchPath inboundSwitch,
            Readiness readiness,
            WorkerCounters counters) {
        this.workerIndex = workerIndex;
        this.inboundSwitch = inboundSwitch;
        this.readiness = readiness;
        this.counters = counters;
    }

    void add(VxlanSockets sockets) {
        UdpBind bind = sockets.receiver(workerIndex);
        binds.add(bind);
        readiness.add(bind.fd());
    }

    void remove(VxlanSockets sockets) {
        UdpBind bind = sockets.receiver(workerIndex);
        if (binds.remove(bind)) {
            readiness.remove(bind.fd());
        }
    }

    /** Receives and delivers one batch of each socket. Returns how many messages there were. */
    int poll(long nowNs) {
        int work = 0;
        for (int i = 0; i < binds.size(); i++) {
            work += poll(binds.get(i), nowNs);
        }
        return work;
    }

    private int poll(UdpBind bind, long nowNs) {
        int count = bind.receive(batch);
        if (count <= 0) {
            if (count < 0) {
                counters.add(WorkerCounter.UDP_RECEIVE_ERRORS, 1);
            }
            return 0;
        }
        for (int i = 0; i < count; i++) {
            receive(i, nowNs);
        }
        inboundSwitch.flush();
        counters.add(WorkerCounter.UDP_RECEIVES, count);
        return count;
    }

    private void receive(int message, long nowNs) {
        int length = batch.length(message);
        int stride = Math.max(1, batch.segmentLength(message));
        int start = batch.offset(message);
        int packets = 0;
        if (length == 0) {
            counters.drop(DropReason.INVALID_LENGTH);
            packets = 1;
        } else if (stride < length && inboundSwitch.isSuperPacket(batch.buffer(), start, length)) {
            inboundSwitch.onClear(batch, message, start, length, stride, nowNs);
            packets = 1;
        } else {
            for (int at = 0; at < length; at += stride) {
                int datagram = Math.min(stride, length - at);
                inboundSwitch.onClear(batch, message, start + at, datagram, 0, nowNs);
                packets++;
            }
        }
        counters.add(WorkerCounter.UDP_RECEIVE_PACKETS, packets);
        counters.add(WorkerCounter.UDP_RECEIVE_BYTES, length);
    }
}
