package io.ovl.dataplane.path;

import io.ovl.crypto.aead.Aead;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.ip.Ecn;
import io.ovl.dataplane.ip.Encap;
import io.ovl.dataplane.ip.Segmenter;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound path from a usable keypair on: <b>segment</b>, <b>number</b>, <b>seal</b>, <b>send</b>.
 *
 * <p>Each segment is sealed from where it was read straight into the send batch; a super-packet's segments lie there
 * back to back and leave in one system call.
 *
 * <p>Thread: its worker. Ownership: borrows packets for the length of a call; a segment's headers are written over the
 * payload in front of it, so a packet can be transmitted once. Drops: MALFORMED_PACKET, KEYPAIR_EXHAUSTED, SEND_FAILED.
 */
final class Transmitter {
    private static final int OVERHEAD = MessageDataFlyweight.HEADER_LENGTH + Aead.TAG_LENGTH;
    private static final int PADDING_MULTIPLE = 16;

    private final int workerIndex;
    private final Aead aead;
    private final WorkerCounters counters;
    private final DatagramSender sender;
    private final Segmenter segmenter = new Segmenter();
    private final SendBatch batch = new SendBatch();
    private final @Nullable Peer[] peers = new Peer[SendBatch.MAX_MESSAGES];
    private @Nullable UdpBind bind;

    Transmitter(int workerIndex, Aead aead, DatagramSender sender, WorkerCounters counters) {
        this.workerIndex = workerIndex;
        this.aead = aead;
        this.sender = sender;
        this.counters = counters;
    }

    /** Sends through another socket from now on; null: nowhere, every packet is a failed send. */
    void bind(@Nullable UdpBind value) {
        bind = value;
    }

    /**
     * Seals one frame, which may be a super-packet, for a peer.
     *
     * @return the number of messages it became, 0 when it was dropped
     */
    int transmit(
            Peer peer,
            Keypair keypair,
            Endpoint endpoint,
            UnsafeBuffer buffer,
            OutboundPacket packet) {
        int linkLength = packet.linkLength();
        int count = segmenter.begin(buffer, packet.vnetOffset(), packet.length(), linkLength);
        if (count <= 0) {
            counters.drop(DropReason.MALFORMED_PACKET);
            return 0;
        }
        counters.add(WorkerCounter.DEVICE_READ_PACKETS, count);
        if (count > 1) {
            counters.add(WorkerCounter.COPIED_BYTES, segmenter.copiedLength());
        }
        long counter = keypair.claimCounters(count);
        if (counter == -1) {
            counters.drop(DropReason.KEYPAIR_EXHAUSTED, count);
            return 0;
        }
        Encap encap = packet.encap();
        int headerLength = encap.headerLength();
        int trafficClass = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            segmenter.next();
            int offset = segmenter.offset();
            int length = segmenter.length();
            if (i == 0) {
                trafficClass = outerTrafficClass(buffer, offset, linkLength);
            }
            encap.apply(buffer, offset, length, packet.vni());
            bytes +=
                    seal(
                            peer,
                            keypair,
                            endpoint,
                            counter + i,
                            trafficClass,
                            buffer,
                            offset - headerLength,
                            length + headerLength,
                            packet.paddingLimit());
        }
        peer.bytes().addTx(workerIndex, bytes);
        return count;
    }

    private static int outerTrafficClass(UnsafeBuffer buffer, int offset, int linkLength) {
        return linkLength == 0 || EthernetFlyweight.isIp(buffer, offset, linkLength)
                ? Ecn.outerTrafficClass(buffer, offset + linkLength)
                : 0;
    }

    /** Seals a data message without a packet in it. Returns whether it was. */
    boolean transmitKeepalive(Peer peer, Keypair keypair, Endpoint endpoint) {
        long counter = keypair.claimCounters(1);
        if (counter == -1) {
            return false;
        }
        int bytes = seal(peer, keypair, endpoint, counter, 0, batch.buffer(), 0, 0, 0);
        peer.bytes().addTx(workerIndex, bytes);
        counters.add(WorkerCounter.KEEPALIVES_SENT, 1);
        return true;
    }

    private int seal(
            Peer peer,
            Keypair keypair,
            Endpoint endpoint,
            long counter,
            int trafficClass,
            UnsafeBuffer buffer,
            int offset,
            int length,
            int mtu) {
        int padded = paddedLength(length, mtu);
        if (!batch.hasRoom(padded + OVERHEAD)) {
            flush();
        }
        UnsafeBuffer out = batch.buffer();
        int at = batch.reserve();
        MessageDataFlyweight.putHeader(out, at, keypair.remoteIndex(), counter);
        long source = buffer.addressOffset() + offset;
        long destination = out.addressOffset() + at + MessageDataFlyweight.HEADER_LENGTH;
        if (padded == length) {
            aead.seal(keypair.sendingKey(), counter, source, length, destination);
        } else {
            // The bytes behind a segment are the next segment's payload: lend them to the padding,
            // then put them back.
            int end = offset + length;
            long low = buffer.getLong(end);
            long high = buffer.getLong(end + 8);
            buffer.putLong(end, 0);
            buffer.putLong(end + 8, 0);
            aead.seal(keypair.sendingKey(), counter, source, padded, destination);
            buffer.putLong(end, low);
            buffer.putLong(end + 8, high);
        }
        batch.commit(endpoint, trafficClass, padded + OVERHEAD);
        peers[batch.count() - 1] = peer;
        return padded + OVERHEAD;
    }

    /** Sends what has been sealed. */
    void flush() {
        if (batch.isEmpty()) {
            return;
        }
        sender.send(bind, batch);
        for (int i = 0; i < batch.count(); i++) {
            Peer peer = peers[i];
            peers[i] = null;
            if (batch.isSourceRefused(i) && peer != null) {
                forgetSource(peer, batch.endpoint(i));
            }
        }
        batch.clear();
    }

    @SuppressWarnings("ReferenceEquality") // an endpoint learned in the meantime stays
    private static void forgetSource(Peer peer, Endpoint refused) {
        if (peer.endpoint() == refused) {
            peer.endpoint(refused.withoutSource());
        }
    }

    /**
     * Length of the padded plaintext: the next multiple of 16, but never above the MTU (WireGuard whitepaper §5.4.6). A
     * packet longer than the MTU is padded as its last MTU-sized part would be.
     */
    static int paddedLength(int length, int mtu) {
        if (mtu == 0) {
            return length;
        }
        int lastUnit = length > mtu ? length % mtu : length;
        int padded = Math.min(mtu, lastUnit + PADDING_MULTIPLE - 1 & -PADDING_MULTIPLE);
        return length - lastUnit + padded;
    }
}
