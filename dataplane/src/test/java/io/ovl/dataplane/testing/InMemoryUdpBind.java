package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * A socket on an {@link InMemoryNetwork}, on a host that may have several addresses, gain and lose them.
 *
 * <p>Thread: the simulation's. The conductor and the worker may share one.
 */
public final class InMemoryUdpBind implements UdpBind {
    private static final int MAX_INBOX = 1024;

    private final InMemoryNetwork network;
    private final List<IpAddress> addresses;
    private final Deque<Datagram> inbox = new ArrayDeque<>();
    private int port;
    private boolean joins = true;
    private int sendErrno;

    InMemoryUdpBind(InMemoryNetwork network, int port, IpAddress... addresses) {
        this.network = network;
        this.port = port;
        this.addresses = new ArrayList<>(Arrays.asList(addresses));
    }

    /** Whether consecutive datagrams of equal length arrive as one message, as with UDP_GRO. */
    public void joins(boolean value) {
        joins = value;
    }

    /** Every send fails with this errno from now on; 0 ends that. */
    public void failSends(int errno) {
        sendErrno = errno;
    }

    /** The host has these addresses now and no others; the first of a family is what it sends from. */
    public void moveTo(int newPort, IpAddress... newAddresses) {
        port = newPort;
        addresses.clear();
        addresses.addAll(Arrays.asList(newAddresses));
    }

    boolean listensOn(UdpAddress destination) {
        return destination.port() == port && addresses.contains(destination.ip());
    }

    /** A full inbox drops the newest, as a full socket buffer does. */
    void arrived(Datagram datagram) {
        if (inbox.size() < MAX_INBOX) {
            inbox.add(datagram);
        }
    }

    @Override
    public int receive(ReceiveBatch batch) {
        network.deliverDue();
        int count = 0;
        while (count < batch.capacity() && !inbox.isEmpty()) {
            receiveMessage(batch, count++);
        }
        batch.count(count);
        return count;
    }

    private void receiveMessage(ReceiveBatch batch, int index) {
        Datagram first = inbox.remove();
        int segmentLength = first.payload().length;
        int length = append(batch, index, 0, first);
        int lastLength = segmentLength;
        int segments = 1;
        while (joins && lastLength == segmentLength && segmentLength > 0) {
            Datagram next = inbox.peek();
            if (next == null
                    || !isJoinable(first, next)
                    || segments == SendBatch.MAX_SEGMENTS
                    || length + next.payload().length > SendBatch.MAX_MESSAGE_LENGTH) {
                break;
            }
            lastLength = next.payload().length;
            length = append(batch, index, length, inbox.remove());
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

    @Override
    public int send(SendBatch batch) {
        int failures = 0;
        for (int i = 0; i < batch.count(); i++) {
            Endpoint endpoint = batch.endpoint(i);
            IpAddress source = sourceFor(endpoint);
            int errno = sendErrno != 0 ? sendErrno : source == null ? Errno.ENETUNREACH : 0;
            batch.errno(i, errno);
            if (errno != 0) {
                failures++;
                continue;
            }
            if (endpoint.source() != null && !Objects.equals(endpoint.source(), source)) {
                batch.markSourceRefused(i);
            }
            sendMessage(batch, i, new UdpAddress(Objects.requireNonNull(source), port, 0));
        }
        return failures;
    }

    private @Nullable IpAddress sourceFor(Endpoint endpoint) {
        if (endpoint.source() != null && addresses.contains(endpoint.source())) {
            return endpoint.source();
        }
        for (IpAddress address : addresses) {
            if (address.isIpv6() == endpoint.address().ip().isIpv6()) {
                return address;
            }
        }
        return null;
    }

    private void sendMessage(SendBatch batch, int index, UdpAddress source) {
        int done = 0;
        do {
            int length = Math.min(batch.segmentLength(index), batch.length(index) - done);
            byte[] payload = new byte[length];
            batch.buffer().getBytes(batch.offset(index) + done, payload);
            network.send(
                    source, batch.endpoint(index).address(), batch.trafficClass(index), payload);
            done += length;
        } while (done < batch.length(index));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public void close() {
        network.remove(this);
    }
}
