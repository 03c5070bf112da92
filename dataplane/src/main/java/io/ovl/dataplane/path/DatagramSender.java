package io.ovl.dataplane.path;

import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.jspecify.annotations.Nullable;

/**
 * The step <b>send</b>: hands a batch to a socket and counts what became of it.
 *
 * <p>Thread: its worker. Drops: SEND_FAILED.
 */
final class DatagramSender {
    private final WorkerCounters counters;

    DatagramSender(WorkerCounters counters) {
        this.counters = counters;
    }

    /** Sends the batch, which the caller then reads and clears; without a socket every message is a failed one. */
    void send(@Nullable UdpBind socket, SendBatch batch) {
        int failed = socket == null ? batch.count() : socket.send(batch);
        long packets = 0;
        long bytes = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (failed > 0 && (socket == null || batch.errno(i) != 0)) {
                counters.drop(DropReason.SEND_FAILED, batch.segmentCount(i));
            } else {
                packets += batch.segmentCount(i);
                bytes += batch.length(i);
            }
        }
        counters.add(WorkerCounter.UDP_SENDS, batch.count() - failed);
        counters.add(WorkerCounter.UDP_SEND_PACKETS, packets);
        counters.add(WorkerCounter.UDP_SEND_BYTES, bytes);
    }
}
