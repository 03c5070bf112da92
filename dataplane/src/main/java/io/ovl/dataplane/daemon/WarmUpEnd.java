package io.ovl.dataplane.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.DeviceStandIn;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.LinuxUdpSockets;
import io.ovl.dataplane.io.UdpOptions;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.PeerTarget;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.peer.Session;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * One end of a tunnel that leads nowhere: a worker between stand-ins for a TUN and a TAP and a socket on the loopback
 * address. It has one peer, its counterpart, and a session with it that was never negotiated.
 *
 * <p>Thread: one. Ownership: what it opens is closed with the resources that it is given.
 */
final class WarmUpEnd {
    private static final int MTU = 1420;
    private static final int VNI = 1;
    private static final int RING_CAPACITY = 1 << 12;
    private static final int COUNTERS = 256;
    private static final IpAddress LOOPBACK = ipv4(0x7f00_0001);

    private final int number;
    private final ResourceStack resources;
    private final Peer peer;
    private final LinuxUdpSockets sockets;
    private final DeviceStandIn tun;
    private final DeviceStandIn tap;
    private final RoutingTables tables = RoutingTables.empty();
    private final SwitchTables switchTables;
    private final Worker worker;

    /**
     * @param number 1 or 2, also the last byte of its address in 10.0.0.0
     * @param loop watches its descriptors
     */
    WarmUpEnd(
            int number,
            AeadProvider provider,
            RandomSource random,
            Clock clock,
            EpollLoop loop,
            ResourceStack resources)
            throws DeviceException {
        this.number = number;
        this.resources = resources;
        WorkerCounters counters =
                new WorkerCounters(
                        new CountersManager(
                                LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                                LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                                US_ASCII),
                        0);
        peer = new Peer(0, NoisePublicKey.copyOf(new byte[NoisePublicKey.LENGTH], 0), 1);
        UdpOptions options = new UdpOptions(LOOPBACK, 0, 1, 0, true);
        sockets = resources.push("warm-up's sockets", LinuxUdpSockets.open(options));
        tun = standIn("warm-up's TUN");
        tap = standIn("warm-up's TAP");
        switchTables = SwitchTables.empty(random, LearnHandler.NONE, FdbEvents.NONE);
        ManyToOneRingBuffer unread =
                new ManyToOneRingBuffer(
                        LazyMemory.allocate(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH));
        worker =
                new Worker(
                        0,
                        clock,
                        tun.device(),
                        tables,
                        switchTables,
                        provider.newAead(),
                        new ConductorProxy(unread, () -> {}, counters),
                        new LoopReadiness(loop),
                        () -> {},
                        counters);
        resources.push("warm-up's worker", worker::onClose);
        worker.onStart();
        worker.proxy().rebind(sockets.bind(0), () -> {});
    }

    private DeviceStandIn standIn(String name) throws DeviceException {
        DeviceStandIn standIn = resources.push(name, DeviceStandIn.open(name, MTU));
        resources.push(name, standIn.device());
        return standIn;
    }

    /**
     * Makes the other end the peer of this one.
     *
     * @param keys that each end seals with, one after the other
     */
    void meet(WarmUpEnd other, byte[] keys, long nowNs) {
        Keypair keypair =
                resources.push(
                        "warm-up's keypair",
                        new Keypair(
                                key(keys, number),
                                key(keys, other.number),
                                number,
                                other.number,
                                nowNs,
                                true));
        peer.keypairs().onSessionDerived(keypair, Keypair::close);
        peer.endpoint(Endpoint.of(new UdpAddress(LOOPBACK, other.sockets.port(), 0)));
        tables.sessions().add(number, new Session(peer, keypair));
        tables.allowedIps().put(new IpPrefix(ipv4(0x0a00_0000 | other.number), 32), peer);
        tables.allowedIps().publish();
        joinSegment(other, nowNs);
    }

    /** One segment with both hosts in it, each of which has been seen already. */
    private void joinSegment(WarmUpEnd other, long nowNs) {
        Segment segment = new Segment("warm-up", VNI, SegmentSettings.DEFAULT);
        Port tapPort = switchTables.ports().add(Port.Kind.TAP, segment.name());
        Port peerPort = switchTables.ports().add(Port.Kind.PEER, segment.name());
        segment.addPort(tapPort);
        segment.addPort(peerPort);
        switchTables.segments().add(segment);
        switchTables.targets().set(peerPort.id(), PeerTarget.compact(peer));
        switchTables.fdb().learn(VNI, WarmUpFrame.mac(number), 0, tapPort.id(), nowNs);
        switchTables.fdb().learn(VNI, WarmUpFrame.mac(other.number), 0, peerPort.id(), nowNs);
        peer.portId(peerPort.id());
        worker.proxy().addTap(segment, tapPort, tap.device());
    }

    private static AeadKey key(byte[] keys, int number) {
        return new AeadKey(keys, (number - 1) * AeadKey.LENGTH);
    }

    private static IpAddress ipv4(long address) {
        return new IpAddress(false, 0, address);
    }

    /** The host behind the TUN. */
    DeviceStandIn tun() {
        return tun;
    }

    /** The host behind the TAP. */
    DeviceStandIn tap() {
        return tap;
    }

    Worker worker() {
        return worker;
    }
}
