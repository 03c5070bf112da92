package io.ovl.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.control.SwitchDriver;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.PeerTarget;
import io.ovl.dataplane.path.Readiness;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.peer.Session;
import io.ovl.dataplane.stats.WorkerCounters;
import io.ovl.dataplane.testing.ManualClock;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.util.Objects;

/**
 * A worker without a conductor, with one peer that has a session and is in a segment, between devices and a bind that
 * allocate nothing.
 *
 * <p>Thread: the test's.
 */
final class WorkerBench implements AutoCloseable {
    private static final int RING_CAPACITY = 1 << 16;
    private static final int COUNTERS = 256;
    private static final MessageHandler IGNORE = (typeId, buffer, offset, length) -> {};

    static final int VNI = 10;

    final RepeatingDevice device = new RepeatingDevice();
    final RepeatingDevice tap = new RepeatingDevice();
    final Segment segment = new Segment("lan", VNI, SegmentSettings.DEFAULT);
    final SwitchDriver switchDriver = new SwitchDriver(new SecureRandomSource());
    final PatchBind bind;
    final WorkerCounters counters;
    final Peer peer;
    final Keypair keypair;
    private final RingBuffer ring =
            new ManyToOneRingBuffer(
                    LazyMemory.allocate(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH));
    private final Worker worker;

    /**
     * @param localIndex 1 or 2, the other being the peer's
     * @param ageNs of the session
     */
    WorkerBench(AeadProvider provider, ManualClock clock, int localIndex, long ageNs) {
        int remoteIndex = 3 - localIndex;
        UdpAddress remote = new UdpAddress(Simulation.ip("192.0.2." + remoteIndex), 51_820, 0);
        bind = new PatchBind(remote, Simulation.ip("192.0.2." + localIndex));
        counters =
                new WorkerCounters(
                        new CountersManager(
                                LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                                LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                                US_ASCII),
                        0);
        peer = new Peer(0, NoisePublicKey.copyOf(new byte[32], 0), 1);
        peer.endpoint(Endpoint.of(remote));
        keypair =
                new Keypair(
                        key(localIndex),
                        key(remoteIndex),
                        localIndex,
                        remoteIndex,
                        clock.bootTimeNs() - ageNs,
                        true);
        peer.keypairs().onSessionDerived(keypair, Keypair::close);
        RoutingTables tables = RoutingTables.empty();
        tables.sessions().add(localIndex, new Session(peer, keypair));
        tables.allowedIps()
                .put(Objects.requireNonNull(IpPrefix.parse("10.0.0." + remoteIndex)), peer);
        tables.allowedIps().publish();
        worker =
                new Worker(
                        0,
                        clock,
                        device,
                        tables,
                        switchDriver.tables(),
                        provider.newAead(),
                        new ConductorProxy(ring, () -> {}, counters),
                        Readiness.NONE,
                        () -> {},
                        counters);
        worker.proxy().rebind(bind, () -> {});
        addSegment();
        worker.doWork();
    }

    private void addSegment() {
        SwitchTables tables = switchDriver.tables();
        Port tapPort = tables.ports().add(Port.Kind.TAP, "tap");
        Port peerPort = tables.ports().add(Port.Kind.PEER, "peer");
        tables.segments().add(segment);
        segment.addPort(tapPort);
        segment.addPort(peerPort);
        tables.targets().set(peerPort.id(), PeerTarget.compact(peer));
        peer.portId(peerPort.id());
        worker.proxy().addTap(segment, tapPort, tap);
    }

    private static AeadKey key(int index) {
        byte[] bytes = new byte[AeadKey.LENGTH];
        bytes[0] = (byte) index;
        return new AeadKey(bytes, 0);
    }

    /** A header of virtio that asks for nothing, and the packet. */
    static UnsafeBuffer frame(byte[] packet) {
        UnsafeBuffer frame = new UnsafeBuffer(new byte[10 + packet.length]);
        frame.putBytes(10, packet);
        return frame;
    }

    /** One duty cycle; what it tells the conductor is forgotten, but for what the switch learns. */
    void doWork() {
        worker.doWork();
        ring.read(IGNORE);
        switchDriver.tables().learnRing().drain(64);
    }

    /** What the conductor would give it commands through. */
    WorkerProxy proxy() {
        return worker.proxy();
    }

    /** One duty cycle with a conductor that has no time. */
    void doWorkUnheard() {
        worker.doWork();
    }

    /** Takes the session away. */
    void endSession() {
        peer.keypairs().clear(ended -> {});
    }

    @Override
    public void close() {
        worker.onClose();
        keypair.close();
    }
}
