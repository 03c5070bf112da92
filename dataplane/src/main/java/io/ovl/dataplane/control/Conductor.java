package io.ovl.dataplane.control;

import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Offload;
import io.ovl.dataplane.io.UdpSocketFactory;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.path.ConductorMessageFlyweight;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.ConductorCounters;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Does everything that is not carrying packets: handshakes, timers, configuration.
 *
 * <p>Thread: one, that of its agent runner, which also runs the control servers' event loop, or the one thread of a
 * simulation.
 */
public final class Conductor implements Agent {
    /** Room for 4,096 handshake messages of the largest kind in the ring from the workers. */
    public static final int RING_CAPACITY = 1 << 20;

    private static final int MESSAGE_LIMIT = 32;
    private static final long BACKLOG_INTERVAL_NS = 1_000_000L;

    private final Clock clock;
    private final RingBuffer ring;
    private final PeerRegistry peers;
    private final HandshakeAdmission admission;
    private final HandshakeInitiator initiator;
    private final HandshakeExchange handshakes;
    private final TimerDriver timers;
    private final Underlay underlay;
    private final WaitingReasons waitingReasons;
    private final DeviceConfigurator configurator;
    private final SwitchDriver switchDriver;
    private final SegmentConfigurator segmentConfigurator;
    private final List<WorkerProxy> workers;
    private final Runnable onDeviceGone;
    private final MessageHandler handler = this::onMessage;
    private long nowNs;

    /**
     * A conductor of the given workers.
     *
     * @param ring where the workers' proxies write to
     * @param onDeviceGone told when the TUN has been deleted
     */
    public Conductor(
            Clock clock,
            RandomSource random,
            RingBuffer ring,
            RoutingTables tables,
            SwitchDriver switchDriver,
            SegmentEdges segmentEdges,
            List<WorkerProxy> workers,
            UdpSocketFactory socketFactory,
            EndpointResolver resolver,
            ConductorCounters counters,
            Runnable onDeviceGone) {
        this.clock = clock;
        this.ring = ring;
        this.onDeviceGone = onDeviceGone;
        this.switchDriver = switchDriver;
        this.workers = List.copyOf(workers);
        HandshakeSender sender = new HandshakeSender();
        LocalIndices indices = new LocalIndices(random);
        Sessions sessions = new Sessions(tables.sessions(), indices, this.workers);
        peers = new PeerRegistry(workers.size(), random);
        admission = new HandshakeAdmission(random, sender, counters);
        initiator = new HandshakeInitiator(clock, random, indices, this.workers, sender, counters);
        handshakes =
                new HandshakeExchange(
                        clock,
                        random,
                        peers,
                        indices,
                        sessions,
                        this.workers,
                        admission,
                        sender,
                        new LocalIdentity(
                                NoisePrivateKey.copyOf(new byte[NoisePrivateKey.LENGTH], 0)),
                        counters);
        timers = new TimerDriver(peers, handshakes, initiator, sessions, resolver, this.workers);
        waitingReasons = new WaitingReasons(peers, handshakes, initiator);
        segmentConfigurator =
                new SegmentConfigurator(
                        clock, switchDriver.tables(), peers, this.workers, segmentEdges);
        underlay = new Underlay(socketFactory, this.workers, sender, segmentConfigurator::fwmark);
        switchDriver.events(segmentConfigurator);
        peers.onRemoved(segmentConfigurator::onPeerRemoved);
        PeerConfigurator peerConfigurator =
                new PeerConfigurator(
                        peers,
                        tables.allowedIps(),
                        handshakes,
                        initiator,
                        sessions,
                        timers,
                        resolver,
                        this.workers);
        configurator =
                new DeviceConfigurator(
                        clock, peers, tables.allowedIps(), underlay, handshakes, peerConfigurator);
    }

    /** Where updates are applied and the state is told, on the conductor's thread. */
    public DeviceControl deviceControl() {
        return configurator;
    }

    /** Where segments are changed and told of, on the conductor's thread. */
    public SegmentControl segmentControl() {
        return segmentConfigurator;
    }

    /** The port that peers are listened for on. */
    public int listenPort() {
        return underlay.port();
    }

    /** The mark of the packets on the underlay, 0 for none. */
    public int fwmark() {
        return underlay.fwmark();
    }

    /** Shows the packet paths' side of each peer, on the conductor's thread. */
    public void forEachPeer(Consumer<Peer> action) {
        for (PeerControl control : peers.all()) {
            action.accept(control.peer);
        }
    }

    /** What the sockets do at once for many datagrams. */
    public Set<Offload> offloads() {
        return underlay.offloads();
    }

    /** For each peer that wants a session and has none, the reason. */
    public Map<NoisePublicKey, String> waiting() {
        return waitingReasons.at(clock.bootTimeNs());
    }

    /** The reason of that peer alone; null when it has none. */
    public @Nullable String waiting(NoisePublicKey publicKey) {
        return waitingReasons.at(publicKey, clock.bootTimeNs());
    }

    @Override
    public int doWork() {
        nowNs = clock.bootTimeNs();
        admission.onQueueDepth(
                ring.size() / ConductorMessageFlyweight.TYPICAL_HANDSHAKE_RECORD_LENGTH);
        int work = ring.read(handler, MESSAGE_LIMIT);
        work += timers.poll(nowNs);
        work += switchDriver.poll(nowNs);
        work += segmentConfigurator.poll(nowNs);
        for (int i = 0; i < workers.size(); i++) {
            work += workers.get(i).flush();
        }
        return work;
    }

    /** When there will be something to do at the latest, in boot time. */
    public long nextDeadlineNs() {
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).hasBacklog()) {
                return nowNs + BACKLOG_INTERVAL_NS;
            }
        }
        return Math.min(
                timers.nextDeadlineNs(),
                Math.min(switchDriver.nextDeadlineNs(), segmentConfigurator.nextDeadlineNs()));
    }

    private void onMessage(int typeId, MutableDirectBuffer buffer, int offset, int length) {
        switch (typeId) {
            case ConductorMessageFlyweight.HANDSHAKE_MESSAGE ->
                    visit(
                            handshakes.onMessage(
                                    ConductorMessageFlyweight.endpoint(buffer, offset),
                                    buffer,
                                    offset + ConductorMessageFlyweight.HANDSHAKE_HEADER_LENGTH,
                                    length - ConductorMessageFlyweight.HANDSHAKE_HEADER_LENGTH,
                                    nowNs));
            case ConductorMessageFlyweight.HANDSHAKE_WANTED ->
                    onHandshakeWanted(
                            ConductorMessageFlyweight.peerId(buffer, offset),
                            ConductorMessageFlyweight.value(buffer, offset));
            case ConductorMessageFlyweight.KEYPAIR_CONFIRMED ->
                    visit(peers.byId(ConductorMessageFlyweight.peerId(buffer, offset)));
            case ConductorMessageFlyweight.DEVICE_GONE ->
                    onDeviceGone(ConductorMessageFlyweight.value(buffer, offset));
            default -> throw new IllegalStateException("no message has type " + typeId);
        }
    }

    private void onDeviceGone(int portId) {
        if (portId == Port.NONE) {
            onDeviceGone.run();
        } else {
            switchDriver.onTapGone(portId);
        }
    }

    private void onHandshakeWanted(int peerId, int localIndex) {
        PeerControl control = peers.byId(peerId);
        if (control != null) {
            initiator.onWanted(control, localIndex, nowNs);
            visit(control);
        }
    }

    private void visit(@Nullable PeerControl control) {
        if (control != null) {
            timers.visit(control, nowNs);
        }
    }

    /** Wipes every key and closes the sockets; the workers have stopped before. */
    @Override
    public void onClose() {
        configurator.close();
        segmentConfigurator.close();
        underlay.close();
    }

    @Override
    public String roleName() {
        return "ovl-conductor";
    }
}
