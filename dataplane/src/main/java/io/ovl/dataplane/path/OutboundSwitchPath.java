package io.ovl.dataplane.path;

import static io.ovl.dataplane.io.TunTapQueue.VNET_HEADER_LENGTH;

import io.ovl.dataplane.buffer.PacketPool;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.ip.Encap;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.FloodList;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Host to wire, for the TAP devices, in order:
 *
 * <ol>
 *   <li><b>read</b> a frame or super-packet from a TAP into a pool slot, at fixed headroom;
 *   <li><b>learn</b> where its source is: see {@link SourceLearner};
 *   <li><b>answer</b> what ends at the TAP: see {@link TapResponder};
 *   <li><b>switch</b> it: to the port that the forwarding database has for its destination, or, flooded, to all of the
 *       flood list, the last of which gets the frame itself and the others a copy;
 *   <li><b>stage</b>, <b>segment</b> and <b>encap</b>, <b>number</b>, <b>seal</b>, <b>send</b>: see {@link PeerSender}
 *       and {@link Transmitter}, or in the clear {@link VxlanTransmitter};
 *   <li><b>release</b> the slot.
 * </ol>
 *
 * <p>Reading a TAP that has nothing costs a system call, and there may be a thousand TAPs. So a cycle reads those that
 * gave frames the last time, and a few of the others in turn; a worker's wait ends at once while one of those has
 * frames. When many are busy they wait for one another: a cycle reads so many frames and no more, since the TUN and the
 * sockets wait for its end.
 *
 * <p>Thread: its worker. Drops: MALFORMED_PACKET, INVALID_SOURCE_MAC, FDB_STATIC_CONFLICT, FDB_HELD, MTU_EXCEEDED,
 * FDB_MISS_NO_FLOOD, FLOOD_RATE_LIMITED, HAIRPIN, NO_ENDPOINT, POOL_EXHAUSTED.
 */
final class OutboundSwitchPath {
    private static final int READ_LIMIT = 16;
    private static final int BUSY_READS_PER_CYCLE = 8 * READ_LIMIT;
    private static final int QUIET_TAPS_PER_CYCLE = 8;

    private final TapPorts taps;
    private final PacketPool pool;
    private final UnsafeBuffer buffer;
    private final ForwardingDatabase fdb;
    private final TunnelTargets targets;
    private final SourceLearner learner;
    private final TapResponder responder;
    private final PeerSender sender;
    private final Transmitter transmitter;
    private final VxlanTransmitter vxlanTransmitter;
    private final ConductorProxy conductor;
    private final WorkerCounters counters;
    private final OutboundPacket packet = new OutboundPacket();
    private int busyTurn;
    private int quietTurn;

    OutboundSwitchPath(
            TapPorts taps,
            PacketPool pool,
            SwitchTables tables,
            SourceLearner learner,
            TapResponder responder,
            PeerSender sender,
            Transmitter transmitter,
            VxlanTransmitter vxlanTransmitter,
            ConductorProxy conductor,
            WorkerCounters counters) {
        this.taps = taps;
        this.pool = pool;
        this.buffer = pool.buffer();
        this.fdb = tables.fdb();
        this.targets = tables.targets();
        this.learner = learner;
        this.responder = responder;
        this.sender = sender;
        this.transmitter = transmitter;
        this.vxlanTransmitter = vxlanTransmitter;
        this.conductor = conductor;
        this.counters = counters;
    }

    /** Reads and sends a bounded number of frames of each TAP. Returns how many were read. */
    int poll(long nowNs) {
        int count = taps.count();
        int reads = 0;
        for (int i = count; i > 0 && reads < BUSY_READS_PER_CYCLE; i--) {
            busyTurn = busyTurn + 1 < count ? busyTurn + 1 : 0;
            TapPort tap = taps.get(busyTurn);
            if (tap.isBusy()) {
                reads += poll(tap, nowNs);
            }
        }
        for (int i = Math.min(count, QUIET_TAPS_PER_CYCLE); i > 0; i--) {
            quietTurn = quietTurn + 1 < count ? quietTurn + 1 : 0;
            TapPort tap = taps.get(quietTurn);
            if (!tap.isBusy() && !tap.isGone()) {
                reads += poll(tap, nowNs);
            }
        }
        if (reads > 0) {
            counters.add(WorkerCounter.DEVICE_READS, reads);
            transmitter.flush();
            vxlanTransmitter.flush();
        }
        return reads;
    }

    private int poll(TapPort tap, long nowNs) {
        int reads = 0;
        while (reads < READ_LIMIT) {
            int slot = pool.acquire();
            if (slot < 0) {
                throw new IllegalStateException("every packet slot is taken");
            }
            int length =
                    tap.queue()
                            .read(
                                    buffer,
                                    slot + OutboundPacket.VNET_OFFSET,
                                    PacketPool.PACKET_CAPACITY);
            if (length <= 0) {
                pool.release(slot);
                if (length == -Errno.EBADFD && conductor.deviceGone(tap.port().id())) {
                    tap.markGone();
                }
                break;
            }
            reads++;
            onFrame(tap, slot, length - VNET_HEADER_LENGTH, nowNs);
        }
        tap.isBusy(reads > 0);
        return reads;
    }

    private void onFrame(TapPort tap, int slot, int length, long nowNs) {
        int offset = slot + OutboundPacket.FRAME_OFFSET;
        int linkLength = EthernetFlyweight.linkLength(buffer, offset, length);
        if (linkLength == EthernetFlyweight.MALFORMED) {
            drop(slot, DropReason.MALFORMED_PACKET);
            return;
        }
        Segment segment = tap.segment();
        long source = EthernetFlyweight.source(buffer, offset);
        int vlan = EthernetFlyweight.vlanId(buffer, offset, linkLength);
        boolean goesOn =
                learner.accept(segment, source, vlan, tap.port().id(), nowNs)
                        && !responder.takes(
                                tap,
                                buffer,
                                slot + OutboundPacket.VNET_OFFSET,
                                length,
                                linkLength,
                                nowNs);
        if (goesOn) {
            forward(tap, slot, length, linkLength, vlan, nowNs);
        } else {
            pool.release(slot);
        }
    }

    private void forward(TapPort tap, int slot, int length, int linkLength, int vlan, long nowNs) {
        long destination =
                EthernetFlyweight.destination(buffer, slot + OutboundPacket.FRAME_OFFSET);
        int portId =
                EthernetFlyweight.isMulticast(destination)
                        ? Port.NONE
                        : fdb.lookup(tap.segment(), destination, vlan);
        if (portId == Port.NONE) {
            flood(tap, slot, length, linkLength, nowNs);
        } else if (portId == tap.port().id()) {
            drop(slot, DropReason.HAIRPIN);
        } else {
            send(tap, portId, slot, length, linkLength, nowNs);
        }
    }

    private void flood(TapPort tap, int slot, int length, int linkLength, long nowNs) {
        Segment segment = tap.segment();
        FloodList floodList = segment.floodList();
        int count = floodList.targetCount(tap.port());
        if (count == 0) {
            drop(slot, DropReason.FDB_MISS_NO_FLOOD);
            return;
        }
        if (!segment.mayFlood(1, nowNs)) {
            drop(slot, DropReason.FLOOD_RATE_LIMITED);
            return;
        }
        for (int i = 0; i < count - 1; i++) {
            int copy = copyOf(slot, length);
            if (copy >= 0) {
                send(tap, floodList.target(tap.port(), i).id(), copy, length, linkLength, nowNs);
            }
        }
        send(tap, floodList.target(tap.port(), count - 1).id(), slot, length, linkLength, nowNs);
    }

    /** Segmenting a frame uses it up, so each further remote needs one of its own. */
    private int copyOf(int slot, int length) {
        int copy = pool.acquire();
        if (copy < 0) {
            counters.drop(DropReason.POOL_EXHAUSTED);
            return -1;
        }
        buffer.putBytes(
                copy + OutboundPacket.VNET_OFFSET,
                buffer,
                slot + OutboundPacket.VNET_OFFSET,
                VNET_HEADER_LENGTH + length);
        counters.add(WorkerCounter.COPIED_BYTES, length);
        return copy;
    }

    private void send(TapPort tap, int portId, int slot, int length, int linkLength, long nowNs) {
        int vni = tap.segment().vni();
        switch (targets.target(portId)) {
            case PeerTarget target -> {
                Endpoint endpoint = target.peer().endpoint();
                if (endpoint == null) {
                    drop(slot, DropReason.NO_ENDPOINT);
                    return;
                }
                int paddingLimit =
                        target.headerLength() + EthernetFlyweight.HEADER_LENGTH + tap.mtu();
                packet.set(slot, length, linkLength, target.encap(), vni, paddingLimit);
                sender.submit(target.peer(), endpoint, packet, nowNs);
            }
            case VtepTarget target -> {
                packet.set(slot, length, linkLength, Encap.NONE, vni, 0);
                vxlanTransmitter.transmit(target, buffer, packet);
                pool.release(slot);
            }
            case null -> drop(slot, DropReason.NO_ENDPOINT);
        }
    }

    private void drop(int slot, DropReason reason) {
        counters.drop(reason);
        pool.release(slot);
    }
}
