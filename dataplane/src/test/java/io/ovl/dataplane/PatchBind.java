package io.ovl.dataplane;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * A socket that hands what it is given to send to another one to receive, and has one datagram of a test's to receive
 * many times. Allocates nothing.
 *
 * <p>Thread: the test's.
 */
final class PatchBind implements UdpBind {
    private static final int MESSAGES = 16;
    private static final int MAX_JUNK_LENGTH = 700;

    private final UdpAddress source;
    private final IpAddress local;
    private final UnsafeBuffer inbox =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MESSAGES * ReceiveBatch.SLOT_LENGTH));
    private final int[] lengths = new int[MESSAGES];
    private final int[] segmentLengths = new int[MESSAGES];
    private int count;
    private UnsafeBuffer repeated = new UnsafeBuffer(new byte[0]);
    private int left;
    private PatchBind other = this;
    private long sentDatagrams;
    private int errno;
    private int trafficClass;
    private final SplittableRandom junk = new SplittableRandom(7);
    private int junkLeft;
    private int junkIndex;

    /** What is received comes from {@code source} and reached {@code local}. */
    PatchBind(UdpAddress source, IpAddress local) {
        this.source = source;
        this.local = local;
    }

    /** Hands over what is sent to that bind. */
    void patch(PatchBind value) {
        other = value;
    }

    /** Refuses what it is given to send. */
    void refuse(int value) {
        errno = value;
    }

    /** Gives everything received that traffic class. */
    void trafficClass(int value) {
        trafficClass = value;
    }

    /** Has the datagram to receive {@code times}. */
    void offer(UnsafeBuffer datagram, int times) {
        repeated = datagram;
        left = times;
    }

    /**
     * Has that many datagrams of random lengths and bytes to receive, half of which look like messages, some of them
     * for the session with the receiver index.
     */
    void offerJunk(int times, int receiverIndex) {
        junkLeft = times;
        junkIndex = receiverIndex;
    }

    /** Datagrams not received yet. */
    int left() {
        return left + count + junkLeft;
    }

    /** A copy of the last message that came from the other bind and was not received yet. */
    byte[] firstDatagram() {
        byte[] datagram = new byte[Math.min(segmentLengths[0], lengths[0])];
        inbox.getBytes(0, datagram);
        return datagram;
    }

    /** Forgets what came from the other bind. */
    void discard() {
        count = 0;
    }

    long sentDatagrams() {
        return sentDatagrams;
    }

    @Override
    public int send(SendBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            batch.errno(i, errno);
            if (errno != 0) {
                continue;
            }
            sentDatagrams += batch.segmentCount(i);
            other.take(batch, i);
        }
        return errno == 0 ? 0 : batch.count();
    }

    private void take(SendBatch batch, int message) {
        if (count == MESSAGES) {
            throw new IllegalStateException("more messages at once than this test is made for");
        }
        inbox.putBytes(
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
        while (received < count) {
            batch.buffer()
                    .putBytes(
                            batch.offset(received),
                            inbox,
                            received * ReceiveBatch.SLOT_LENGTH,
                            lengths[received]);
            describe(batch, received, lengths[received], segmentLengths[received]);
            received++;
        }
        count = 0;
        while (received < batch.capacity() && left > 0) {
            batch.buffer().putBytes(batch.offset(received), repeated, 0, repeated.capacity());
            describe(batch, received, repeated.capacity(), repeated.capacity());
            received++;
            left--;
        }
        while (received < batch.capacity() && junkLeft > 0) {
            int length = makeJunk(batch, received);
            describe(batch, received, length, length);
            received++;
            junkLeft--;
        }
        batch.count(received);
        return received;
    }

    private int makeJunk(ReceiveBatch batch, int message) {
        int at = batch.offset(message);
        int length = junk.nextInt(MAX_JUNK_LENGTH + 1);
        for (int i = 0; i < length; i += Long.BYTES) {
            batch.buffer().putLong(at + i, junk.nextLong());
        }
        int kind = junk.nextInt(16);
        if (kind < 8) {
            int type = 1 + kind % 4;
            batch.buffer().putInt(at, type, ByteOrder.LITTLE_ENDIAN);
            if (type == 4) {
                if (kind == 3) {
                    batch.buffer().putInt(at + 4, junkIndex, ByteOrder.LITTLE_ENDIAN);
                }
            } else if (kind < 4) {
                return type == 1 ? 148 : type == 2 ? 92 : 64;
            }
        }
        return length;
    }

    private void describe(ReceiveBatch batch, int message, int length, int segmentLength) {
        batch.message(message, length, segmentLength, trafficClass);
        batch.source(
                message,
                source.ip().isIpv6(),
                source.ip().high(),
                source.ip().low(),
                source.port(),
                0);
        batch.local(message, local.high(), local.low(), 1);
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
