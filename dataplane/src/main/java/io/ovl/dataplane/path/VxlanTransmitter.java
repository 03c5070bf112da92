package io.ovl.dataplane.path;

import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.ip.Segmenter;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;
import io.ovl.dataplane.vxlan.InnerFlowHash;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound path in the clear, from a known VTEP on: <b>segment</b>, <b>encap</b>, <b>send</b>.
 *
 * <p>What sealing does on its way for the others is a copy here: a super-packet's segments leave in one system call,
 * and lie over one another where they were read.
 *
 * <p>Thread: its worker. Ownership: borrows packets for the length of a call. Drops: MALFORMED_PACKET, SEND_FAILED.
 */
final class VxlanTransmitter {
    private final int workerIndex;
    private final WorkerCounters counters;
    private final DatagramSender sender;
    private final Segmenter segmenter = new Segmenter();
    private final SendBatch batch = new SendBatch();
    private @Nullable UdpBind socket;

    VxlanTransmitter(int workerIndex, DatagramSender sender, WorkerCounters counters) {
        this.workerIndex = workerIndex;
        this.sender = sender;
        this.counters = counters;
    }

    /** Sends one frame, which may be a super-packet, to a VTEP; at the latest at the next {@link #flush}. */
    void transmit(VtepTarget target, UnsafeBuffer buffer, OutboundPacket packet) {
        int frame = packet.slot() + OutboundPacket.FRAME_OFFSET;
        int count =
                segmenter.begin(buffer, packet.vnetOffset(), packet.length(), packet.linkLength());
        if (count <= 0) {
            counters.drop(DropReason.MALFORMED_PACKET);
            return;
        }
        use(
                target.sockets()
                        .sender(workerIndex, InnerFlowHash.hash(buffer, frame, packet.length())));
        long copied = segmenter.copiedLength();
        int trafficClass = target.policy().trafficClassOf(buffer, frame, packet.length());
        for (int i = 0; i < count; i++) {
            segmenter.next();
            int length = VxlanFlyweight.HEADER_LENGTH + segmenter.length();
            if (!batch.hasRoom(length)) {
                flush();
            }
            UnsafeBuffer out = batch.buffer();
            int at = batch.reserve();
            VxlanFlyweight.put(out, at, packet.vni());
            out.putBytes(
                    at + VxlanFlyweight.HEADER_LENGTH,
                    buffer,
                    segmenter.offset(),
                    segmenter.length());
            batch.commit(target.endpoint(), trafficClass, length);
            copied += segmenter.length();
        }
        counters.add(WorkerCounter.DEVICE_READ_PACKETS, count);
        counters.add(WorkerCounter.COPIED_BYTES, copied);
    }

    @SuppressWarnings("ReferenceEquality") // one object stands for one socket
    private void use(UdpBind next) {
        if (socket != next) {
            flush();
            socket = next;
        }
    }

    /** Sends what waits. */
    void flush() {
        if (!batch.isEmpty()) {
            sender.send(socket, batch);
            batch.clear();
        }
    }
}
