package io.ovl.dataplane.path;

import io.ovl.crypto.aead.Aead;
import io.ovl.crypto.aead.AeadBatch;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.noise.Keypair;
import io.ovl.crypto.noise.ReplayWindow;
import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.io.UdpBind;
import io.ovl.dataplane.ip.Coalescer;
import io.ovl.dataplane.ip.Ecn;
import io.ovl.dataplane.ip.FrameSink;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.peer.AllowedIps;
import io.ovl.dataplane.peer.IndexTable;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.peer.Session;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Wire to host, for sealed messages, in order:
 *
 * <ol>
 *   <li><b>receive</b> a batch of messages, each one datagram or several that the kernel joined;
 *   <li><b>classify</b> each datagram by type and exact length; handshake messages leave by the conductor's ring;
 *   <li><b>index</b>: the session of the receiver index; consecutive datagrams of one session are a <i>run</i>;
 *   <li><b>open</b> a run in place;
 *   <li><b>replay</b>: each counter that verified, in order, once;
 *   <li><b>confirm</b> the keypair, <b>roam</b> to where the run came from;
 *   <li><b>trim</b> the padding, <b>verify source</b>: the inner source must be in the peer's AllowedIPs;
 *       frames go on in {@link InboundSwitchPath};
 *   <li><b>coalesce</b> and <b>deliver</b>: see {@link Coalescer};
 *   <li><b>release</b>: the batch is free again once the coalescer is flushed.
 * </ol>
 *
 * <p>Thread: its worker. Ownership: packets stay in the receive batch until delivered. Drops: every inbound reason but
 * those of handshakes and VXLAN.
 */
final class InboundPath implements FrameSink {
    private static final int MESSAGES = 16;
    private static final int MAX_RUN = 128;

    private final TunTapQueue queue;
    private final IndexTable sessions;
    private final AllowedIps<Peer> allowedIps;
    private final Aead aead;
    private final InboundSwitchPath inboundSwitch;
    private final ConductorProxy conductor;
    private final WorkerCounters counters;
    private final int workerIndex;
    private final ReceiveBatch batch = new ReceiveBatch(MESSAGES);
    private final UnsafeBuffer buffer = batch.buffer();
    private final Coalescer coalescer;
    private final AeadBatch run = new AeadBatch(MAX_RUN);
    private final int[] offsets = new int[MAX_RUN];
    private final boolean[] isAccepted = new boolean[MAX_RUN];
    private @Nullable Session session;
    private int sessionIndex;
    private @Nullable UdpBind bind;

    InboundPath(
            TunTapDevice device,
            int workerIndex,
            RoutingTables tables,
            InboundSwitchPath inboundSwitch,
            Aead aead,
            ConductorProxy conductor,
            WorkerCounters counters) {
        this.workerIndex = workerIndex;
        this.queue = device.queue(workerIndex);
        this.sessions = tables.sessions();
        this.allowedIps = tables.allowedIps();
        this.inboundSwitch = inboundSwitch;
        this.aead = aead;
        this.conductor = conductor;
        this.counters = counters;
        coalescer =
                new Coalescer(this, device.takesTcpSuperPackets(), device.takesUdpSuperPackets());
    }

    /** Receives from another socket from now on; null: from none. */
    void bind(@Nullable UdpBind value) {
        bind = value;
    }

    /** Receives and delivers one batch. Returns how many messages it had. */
    int poll(long nowNs) {
        UdpBind socket = bind;
        if (socket == null) {
            return 0;
        }
        int count = socket.receive(batch);
        if (count <= 0) {
            if (count < 0) {
                counters.add(WorkerCounter.UDP_RECEIVE_ERRORS, 1);
            }
            return 0;
        }
        for (int i = 0; i < count; i++) {
            receive(i, nowNs);
        }
        coalescer.flush();
        inboundSwitch.flush();
        counters.add(WorkerCounter.UDP_RECEIVES, count);
        return count;
    }

    private void receive(int message, long nowNs) {
        int length = batch.length(message);
        int stride = Math.max(1, batch.segmentLength(message));
        int start = batch.offset(message);
        int packets = 0;
        for (int at = 0; at < length; at += stride) {
            classify(message, start + at, Math.min(stride, length - at), nowNs);
            packets++;
        }
        if (length == 0) {
            counters.drop(DropReason.INVALID_LENGTH);
            packets = 1;
        }
        finishRun(message, nowNs);
        counters.add(WorkerCounter.UDP_RECEIVE_PACKETS, packets);
        counters.add(WorkerCounter.UDP_RECEIVE_BYTES, length);
    }

    private void classify(int message, int offset, int length, long nowNs) {
        int type = MessageType.classify(buffer, offset, length);
        switch (type) {
            case MessageType.DATA -> index(message, offset, length, nowNs);
            case MessageType.INITIATION, MessageType.RESPONSE, MessageType.COOKIE_REPLY ->
                    conductor.handshakeMessage(batch, message, offset, length);
            case MessageType.UNKNOWN -> counters.drop(DropReason.UNKNOWN_MESSAGE_TYPE);
            default -> counters.drop(DropReason.INVALID_LENGTH);
        }
    }

    private void index(int message, int offset, int length, long nowNs) {
        int receiverIndex = MessageDataFlyweight.receiverIndex(buffer, offset);
        Session current = session;
        if (current == null || sessionIndex != receiverIndex || run.isFull()) {
            finishRun(message, nowNs);
            current = sessions.lookup(receiverIndex);
            if (current == null) {
                counters.drop(DropReason.UNKNOWN_RECEIVER_INDEX);
                return;
            }
            if (current.keypair().isExpired(nowNs)) {
                counters.drop(DropReason.KEYPAIR_EXPIRED);
                return;
            }
            session = current;
            sessionIndex = receiverIndex;
        }
        int sealedOffset = offset + MessageDataFlyweight.HEADER_LENGTH;
        long address = buffer.addressOffset() + sealedOffset;
        offsets[run.count()] = sealedOffset;
        run.add(
                current.keypair().receivingKey(),
                MessageDataFlyweight.counter(buffer, offset),
                address,
                length - MessageDataFlyweight.HEADER_LENGTH,
                address);
    }

    /** Opens, checks and delivers the run that has been gathered, if any. */
    private void finishRun(int message, long nowNs) {
        Session current = session;
        if (current == null) {
            return;
        }
        session = null;
        aead.open(run);
        int accepted = replay(current.keypair());
        if (accepted > 0) {
            long bytes = 0;
            boolean hasData = false;
            for (int i = 0; i < run.count(); i++) {
                if (isAccepted[i]) {
                    bytes += run.length(i) + MessageDataFlyweight.HEADER_LENGTH;
                    hasData |= run.length(i) > Aead.TAG_LENGTH;
                }
            }
            authenticated(current, message, bytes, hasData, nowNs);
            for (int i = 0; i < run.count(); i++) {
                if (isAccepted[i]) {
                    verifySource(
                            current.peer(),
                            message,
                            offsets[i],
                            run.length(i) - Aead.TAG_LENGTH,
                            nowNs);
                }
            }
        }
        run.clear();
    }

    /** Marks which messages of the run are authentic and new. Returns how many are. */
    private int replay(Keypair keypair) {
        int accepted = 0;
        int forged = 0;
        int replayed = 0;
        ReplayWindow window = keypair.replayWindow();
        // Several workers may hold messages of one session, seldom at the same time.
        synchronized (window) {
            for (int i = 0; i < run.count(); i++) {
                isAccepted[i] = false;
                if (!run.isVerified(i)) {
                    forged++;
                } else if (window.accept(run.counter(i))) {
                    isAccepted[i] = true;
                    accepted++;
                } else {
                    replayed++;
                }
            }
        }
        if (forged > 0) {
            counters.drop(DropReason.AUTHENTICATION_FAILED, forged);
        }
        if (replayed > 0) {
            counters.drop(DropReason.REPLAYED, replayed);
        }
        return accepted;
    }

    private void authenticated(
            Session current, int message, long bytes, boolean hasData, long nowNs) {
        Peer peer = current.peer();
        Keypair keypair = current.keypair();
        peer.bytes().addRx(workerIndex, bytes);
        if (hasData) {
            peer.activity().onDataReceived(nowNs);
        } else {
            peer.activity().onAuthenticatedReceived(nowNs);
        }
        // Here and now, so that no answer to what is about to be delivered goes out under the
        // keypair before: a peer that has restarted no longer has that one.
        if (peer.keypairs().onConfirmed(keypair)) {
            conductor.keypairConfirmed(peer);
        }
        Endpoint endpoint = peer.endpoint();
        if (endpoint == null || !batch.isFrom(endpoint, message)) {
            peer.endpoint(batch.endpoint(message));
        }
        if (keypair.needsRekeyOnReceive(nowNs) && keypair == peer.keypairs().current()) {
            conductor.handshakeWanted(peer, keypair);
        }
    }

    private void verifySource(Peer peer, int message, int offset, int length, long nowNs) {
        if (length == 0) {
            counters.add(WorkerCounter.KEEPALIVES_RECEIVED, 1);
            return;
        }
        int portId = peer.portId();
        int version = IpFlyweight.version(buffer, offset);
        if (portId != Port.NONE && version != 4 && version != 6) {
            inboundSwitch.onCompact(
                    portId, buffer, offset, length, batch.trafficClass(message), nowNs);
            return;
        }
        int packetLength = IpFlyweight.packetLength(buffer, offset, length);
        if (packetLength < 0) {
            counters.drop(DropReason.MALFORMED_INNER_PACKET);
        } else if (allowedIps.lookupSource(buffer, offset) != peer) {
            counters.drop(DropReason.DISALLOWED_SOURCE);
        } else if (!Ecn.decapsulate(buffer, offset, batch.trafficClass(message))) {
            counters.drop(DropReason.ECN_INVALID);
        } else if (portId != Port.NONE
                && inboundSwitch.isStandard(portId, buffer, offset, packetLength)) {
            inboundSwitch.onStandard(portId, buffer, offset, packetLength, nowNs);
        } else {
            coalescer.add(buffer, offset, packetLength, 0);
        }
    }

    /** Deliver: one write of one packet or super-packet. */
    @Override
    public void write(GatherList frame, int packetCount) {
        if (queue.write(frame) < 0) {
            counters.drop(DropReason.DEVICE_WRITE_FAILED, packetCount);
        } else {
            counters.add(WorkerCounter.DEVICE_WRITES, 1);
            counters.add(WorkerCounter.DEVICE_WRITE_PACKETS, packetCount);
        }
    }
}
