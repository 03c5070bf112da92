package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A socket on an {@link InMemoryNetwork}, on a host that may have several addresses, gain and lose them.
 *
 * <p>Thread: the simulation's. The conductor and the worker may share one.
 */
public final class InMemoryUdpBind implements UdpBind {
    private final InMemoryNetwork network;
    private final List<IpAddress> addresses;
    private final List<InMemoryInbox> inboxes = new ArrayList<>();
    private int port;
    private boolean joins = true;
    private int sendErrno;

    InMemoryUdpBind(InMemoryNetwork network, int port, IpAddress... addresses) {
        this.network = network;
        this.port = port;
        this.addresses = new ArrayList<>(Arrays.asList(addresses));
        inboxes.add(new InMemoryInbox());
    }

    /**
     * The socket as worker {@code index} has it: of all sockets of a port, as with SO_REUSEPORT, the same one receives
     * all that comes from an address. The first is the bind itself.
     */
    UdpBind queue(int index) {
        while (inboxes.size() <= index) {
            inboxes.add(new InMemoryInbox());
        }
        return index == 0 ? this : new Queue(inboxes.get(index));
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

    void arrived(Datagram datagram) {
        UdpAddress source = datagram.source();
        long flow = source.ip().high() ^ source.ip().low() ^ source.port();
        inboxes.get((int) Math.floorMod(flow, (long) inboxes.size())).add(datagram);
    }

    @Override
    public int receive(ReceiveBatch batch) {
        return receive(batch, inboxes.getFirst());
    }

    private int receive(ReceiveBatch batch, InMemoryInbox inbox) {
        network.deliverDue();
        return inbox.receive(batch, joins);
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

    /** Sends and is closed as the bind is, but receives for itself. */
    private final class Queue implements UdpBind {
        private final InMemoryInbox inbox;

        Queue(InMemoryInbox inbox) {
            this.inbox = inbox;
        }

        @Override
        public int receive(ReceiveBatch batch) {
            return InMemoryUdpBind.this.receive(batch, inbox);
        }

        @Override
        public int send(SendBatch batch) {
            return InMemoryUdpBind.this.send(batch);
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
            InMemoryUdpBind.this.close();
        }
    }
}
