package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Datagrams that have arrived for one reader: its socket buffer.
 *
 * <p>Thread: the simulation's.
 */
final class InMemoryInbox {
    private static final int MAX_DATAGRAMS = 1024;

    private final Deque<Datagram> datagrams = new ArrayDeque<>();

    /** A full inbox drops the newest, as a full socket buffer does. */
    void add(Datagram datagram) {
        if (datagrams.size() < MAX_DATAGRAMS) {
            datagrams.add(datagram);
        }
    }

    /** Fills the batch; {@code joins}: consecutive datagrams of equal length as one message, as with UDP_GRO. */
    int receive(ReceiveBatch batch, boolean joins) {
        int count = 0;
        while (count < batch.capacity() && !datagrams.isEmpty()) {
            receiveMessage(batch, count++, joins);
        }
        batch.count(count);
        return count;
    }

    private void receiveMessage(ReceiveBatch batch, int index, boolean joins) {
        Datagram first = datagrams.remove();
        int segmentLength = first.payload().length;
        int length = append(batch, index, 0, first);
        int lastLength = segmentLength;
        int segments = 1;
        while (joins && lastLength == segmentLength && segmentLength > 0) {
            Datagram next = datagrams.peek();
            if (next == null
                    || !isJoinable(first, next)
                    || segments == SendBatch.MAX_SEGMENTS
                    || length + next.payload().length > SendBatch.MAX_MESSAGE_LENGTH) {
                break;
            }
            lastLength = next.payload().length;
            length = append(batch, index, length, datagrams.remove());
            segments++;
        }
        UdpAddress source = first.source();
        IpAddress local = first.destination().ip();
        batch.message(index, length, segmentLength, first.trafficClass());
        batch.source(
                index,
                source.ip().isIpv6(),
                source.ip().high(),
                source.ip().low(),
                source.port(),
                source.scopeId());
        batch.local(index, local.high(), local.low(), 1);
    }

    private static int append(ReceiveBatch batch, int index, int length, Datagram datagram) {
        batch.buffer().putBytes(batch.offset(index) + length, datagram.payload());
        return length + datagram.payload().length;
    }

    private static boolean isJoinable(Datagram first, Datagram next) {
        return next.source().equals(first.source())
                && next.destination().equals(first.destination())
                && next.trafficClass() == first.trafficClass()
                && next.payload().length > 0
                && next.payload().length <= first.payload().length;
    }
}
