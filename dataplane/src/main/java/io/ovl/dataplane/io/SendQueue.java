package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * The sending half of a bind: turns a batch into as few sendmmsg calls as the kernel allows and deals with each way it
 * refuses.
 *
 * <ul>
 *   <li>its source address: sent again without it;
 *   <li>segmenting on this path (EIO): this message and all later ones leave datagram by datagram;
 *   <li>segmenting of this length (EMSGSIZE, EINVAL: a segment does not fit the path's MTU): this message leaves
 *       datagram by datagram;
 *   <li>a full buffer: waited for once, then the rest of the batch is dropped;
 *   <li>anything else: that message is dropped.
 * </ul>
 *
 * <p>Thread: one owner. Ownership: borrows the batch for the length of a call.
 */
final class SendQueue {
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLOUT = 4;

    private final LibC libc;
    private final UdpSocket socket;
    private final int waitMs;
    private final MessageArray messages = new MessageArray(SendBatch.MAX_MESSAGES);
    private final MessageArray segments = new MessageArray(SendBatch.MAX_SEGMENTS);
    private final int[] messageIndexes = new int[SendBatch.MAX_MESSAGES];
    private final int[] segmentIndexes = new int[SendBatch.MAX_SEGMENTS];
    private final UnsafeBuffer pollDescriptor = new UnsafeBuffer(ByteBuffer.allocateDirect(8));
    private boolean hasWaited;

    SendQueue(LibC libc, UdpSocket socket, int waitMs) {
        this.libc = libc;
        this.socket = socket;
        this.waitMs = waitMs;
    }

    /** As {@link UdpBind#send}. */
    int send(SendBatch batch) {
        hasWaited = false;
        int queued = 0;
        for (int i = 0; i < batch.count(); i++) {
            batch.errno(i, 0);
            if (!socket.isDualStack() && batch.endpoint(i).address().ip().isIpv6()) {
                batch.errno(i, Errno.EAFNOSUPPORT);
            } else if (batch.segmentCount(i) > 1 && !socket.canSegment()) {
                transmit(batch, messages, messageIndexes, queued);
                queued = 0;
                sendSegments(batch, i);
            } else {
                int segmentLength = batch.segmentCount(i) > 1 ? batch.segmentLength(i) : 0;
                encode(batch, i, messages, queued, segmentLength);
                messages.vector(
                        queued, batch.buffer().addressOffset() + batch.offset(i), batch.length(i));
                messageIndexes[queued++] = i;
            }
        }
        transmit(batch, messages, messageIndexes, queued);
        return countFailures(batch);
    }

    private void sendSegments(SendBatch batch, int index) {
        long address = batch.buffer().addressOffset() + batch.offset(index);
        int left = batch.length(index);
        int count = 0;
        while (left > 0) {
            int length = Math.min(left, batch.segmentLength(index));
            encode(batch, index, segments, count, 0);
            segments.vector(count, address, length);
            segmentIndexes[count++] = index;
            address += length;
            left -= length;
        }
        transmit(batch, segments, segmentIndexes, count);
    }

    private void encode(
            SendBatch batch, int index, MessageArray array, int entry, int segmentLength) {
        int nameLength =
                SocketAddressCodec.encode(
                        array.names(),
                        array.nameOffset(entry),
                        batch.endpoint(index).address(),
                        socket.isDualStack());
        int controlLength =
                ControlMessageCodec.encode(
                        array.controls(), array.controlOffset(entry), batch, index, segmentLength);
        array.lengths(entry, nameLength, controlLength);
    }

    /** Sends the first {@code count} entries; entry {@code i} is of message {@code indexes[i]}. */
    private void transmit(SendBatch batch, MessageArray array, int[] indexes, int count) {
        int sent = 0;
        while (sent < count) {
            int result =
                    libc.sendmmsg(socket.fd(), array.address(sent), count - sent, MSG_DONTWAIT);
            if (result > 0) {
                sent += result;
            } else if (-result == Errno.EAGAIN) {
                if (hasWaited || !waitForRoom()) {
                    dropRest(batch, indexes, sent, count);
                    return;
                }
            } else if (result < 0 && -result != Errno.EINTR) {
                sent += onRefused(batch, array, indexes[sent], sent, -result);
            }
        }
    }

    /** Returns 1 when the entry is done with, 0 when it is to be tried again as it stands now. */
    private int onRefused(SendBatch batch, MessageArray array, int index, int entry, int errno) {
        boolean isSegmented = array == messages && batch.segmentCount(index) > 1;
        int segmentLength = isSegmented ? batch.segmentLength(index) : 0;
        if (errno == Errno.EIO && isSegmented) {
            socket.forgetSegmenting();
            sendSegments(batch, index);
        } else if (isSourceError(errno) && hasSource(batch, index)) {
            batch.markSourceRefused(index);
            encode(batch, index, array, entry, segmentLength);
            return 0;
        } else if (isSegmented && (errno == Errno.EMSGSIZE || errno == Errno.EINVAL)) {
            sendSegments(batch, index);
        } else {
            batch.errno(index, errno);
        }
        return 1;
    }

    private static boolean isSourceError(int errno) {
        return errno == Errno.EINVAL
                || errno == Errno.ENETUNREACH
                || errno == Errno.EHOSTUNREACH
                || errno == Errno.EADDRNOTAVAIL
                || errno == Errno.ENODEV;
    }

    private static boolean hasSource(SendBatch batch, int index) {
        IpAddress source = batch.endpoint(index).source();
        return source != null && !batch.isSourceRefused(index);
    }

    private boolean waitForRoom() {
        hasWaited = true;
        pollDescriptor.putInt(0, socket.fd());
        pollDescriptor.putInt(4, POLLOUT);
        return libc.poll(pollDescriptor.addressOffset(), 1, waitMs) > 0;
    }

    private static void dropRest(SendBatch batch, int[] indexes, int from, int count) {
        for (int i = from; i < count; i++) {
            batch.errno(indexes[i], Errno.EAGAIN);
        }
    }

    private static int countFailures(SendBatch batch) {
        int failures = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.errno(i) != 0) {
                failures++;
            }
        }
        return failures;
    }
}
