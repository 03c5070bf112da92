package io.ovl.bench.path;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * A socket in memory whose messages arrive at another one, segments and all, or nowhere.
 *
 * <p>Thread: the benchmark's.
 */
final class QueueBind implements UdpBind {
    private static final int CAPACITY = 64;

    private final UdpAddress source;
    private final IpAddress local;
    private final UnsafeBuffer queue =
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY * ReceiveBatch.SLOT_LENGTH));
    private final int[] lengths = new int[CAPACITY];
    private final int[] segmentLengths = new int[CAPACITY];
    private int head;
    private int count;
    private @Nullable QueueBind other;

    /** What is received comes from {@code source} and reached {@code local}. */
    QueueBind(UdpAddress source, IpAddress local) {
        this.source = source;
        this.local = local;
    }

    void connect(QueueBind value) {
        other = value;
    }

    boolean isEmpty() {
        return head == count;
    }

    @Override
    public int send(SendBatch batch) {
        QueueBind target = other;
        for (int i = 0; i < batch.count(); i++) {
            batch.errno(i, 0);
            if (target != null) {
                target.take(batch, i);
            }
        }
        return 0;
    }

    private void take(SendBatch batch, int message) {
        if (count == CAPACITY) {
            throw new IllegalStateException("more than " + CAPACITY + " messages");
        }
        queue.putBytes(
                count * ReceiveBatch.SLOT_LENGTH,
                batch.buffer(),
                batch.offset(message),
                batch.length(message));
        lengths[count] = batch.length(message);
        segmentLengths[count] = batch.segmentLength(message);
        count++;
    }

    @Override
    public int receive(ReceiveBatch batch) {
        int received = 0;
        while (received < batch.capacity() && head < count) {
            int from = head * ReceiveBatch.SLOT_LENGTH;
            batch.buffer().putBytes(batch.offset(received), queue, from, lengths[head]);
            batch.message(received, lengths[head], segmentLengths[head], 0);
            batch.source(
                    received,
                    source.ip().isIpv6(),
                    source.ip().high(),
                    source.ip().low(),
                    source.port(),
                    0);
            batch.local(received, local.high(), local.low(), 1);
            received++;
            head++;
        }
        if (head == count) {
            head = 0;
            count = 0;
        }
        batch.count(received);
        return received;
    }

    @Override
    public int port() {
        return source.port();
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public void close() {}
}
