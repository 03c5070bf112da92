package io.ovl.dataplane.path;

import static io.ovl.dataplane.io.TunTapQueue.VNET_HEADER_LENGTH;

import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.ip.Encap;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Host to wire, for the TUN device, in order:
 *
 * <ol>
 *   <li><b>read</b> a packet or super-packet from the device into a pool slot, at fixed headroom;
 *   <li><b>route</b> it: the peer whose AllowedIPs hold its destination;
 *   <li><b>stage</b> it when that peer has no usable keypair, and ask for a handshake: see {@link PeerSender};
 *   <li><b>segment</b>, <b>number</b>, <b>seal</b>, <b>send</b>: see {@link Transmitter};
 *   <li><b>release</b> the slot.
 * </ol>
 *
 * <p>Thread: its worker. Drops: UNKNOWN_IP_VERSION, MALFORMED_PACKET, ROUTING_LOOP, NO_PEER, NO_ENDPOINT.
 */
final class OutboundPath {
    private static final int READ_LIMIT = 16;

    private final TunTapDevice device;
    private final TunTapQueue queue;
    private final PacketPool pool;
    private final UnsafeBuffer buffer;
    private final AllowedIps<Peer> allowedIps;
    private final OwnTraffic ownTraffic;
    private final PeerSender sender;
    private final Transmitter transmitter;
    private final ConductorProxy conductor;
    private final IcmpResponder icmp;
    private final WorkerCounters counters;
    private final OutboundPacket packet = new OutboundPacket();
    private boolean isDeviceGone;

    OutboundPath(
            TunTapDevice device,
            int workerIndex,
            PacketPool pool,
            RoutingTables tables,
            PeerSender sender,
            Transmitter transmitter,
            ConductorProxy conductor,
            WorkerCounters counters) {
        this.device = device;
        this.queue = device.queue(workerIndex);
        this.pool = pool;
        this.buffer = pool.buffer();
        this.allowedIps = tables.allowedIps();
        this.ownTraffic = new OwnTraffic(tables.localAddresses());
        this.sender = sender;
        this.transmitter = transmitter;
        this.conductor = conductor;
        this.icmp = new IcmpResponder(queue, counters);
        this.counters = counters;
    }

    /** Another socket is used from now on; null: none. */
    void bind(@Nullable UdpBind bind) {
        ownTraffic.port(bind == null ? -1 : bind.port());
    }

    /** Reads and sends a bounded number of packets. Returns how many were read. */
    int poll(long nowNs) {
        int reads = 0;
        while (reads < READ_LIMIT && !isDeviceGone) {
            int slot = pool.acquire();
            if (slot < 0) {
                // Staging takes half of them at most, so this is a leak: dropping would only hide
                // it.
                throw new IllegalStateException("every packet slot is taken");
            }
            int length =
                    queue.read(
                            buffer, slot + OutboundPacket.VNET_OFFSET, PacketPool.PACKET_CAPACITY);
            if (length <= 0) {
                pool.release(slot);
                if (length == -Errno.EBADFD) {
                    isDeviceGone = conductor.deviceGone(Port.NONE);
                }
                break;
            }
            reads++;
            route(slot, length - VNET_HEADER_LENGTH, nowNs);
        }
        if (reads > 0) {
            counters.add(WorkerCounter.DEVICE_READS, reads);
            transmitter.flush();
        }
        return reads;
    }

    private void route(int slot, int length, long nowNs) {
        int offset = slot + OutboundPacket.FRAME_OFFSET;
        int version = length < 1 ? 0 : buffer.getByte(offset) >> 4 & 15;
        if (version != 4 && version != 6) {
            drop(slot, DropReason.UNKNOWN_IP_VERSION);
            return;
        }
        if (length < (version == 4 ? 20 : 40)) {
            drop(slot, DropReason.MALFORMED_PACKET);
            return;
        }
        if (ownTraffic.contains(buffer, offset, length)) {
            drop(slot, DropReason.ROUTING_LOOP);
            return;
        }
        Peer peer = allowedIps.lookupDestination(buffer, offset);
        if (peer == null) {
            icmp.unreachable(buffer, offset, length, nowNs);
            drop(slot, DropReason.NO_PEER);
            return;
        }
        Endpoint endpoint = peer.endpoint();
        if (endpoint == null) {
            icmp.unreachable(buffer, offset, length, nowNs);
            drop(slot, DropReason.NO_ENDPOINT);
            return;
        }
        packet.set(slot, length, 0, Encap.NONE, 0, device.mtu());
        sender.submit(peer, endpoint, packet, nowNs);
    }

    private void drop(int slot, DropReason reason) {
        counters.drop(reason);
        pool.release(slot);
    }
}
