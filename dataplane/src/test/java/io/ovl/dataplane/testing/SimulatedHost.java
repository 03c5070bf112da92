package io.ovl.dataplane.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.DeviceControl;
import io.ovl.dataplane.control.EndpointResolver;
import io.ovl.dataplane.control.FdbQuery;
import io.ovl.dataplane.control.SegmentControl;
import io.ovl.dataplane.control.SwitchDriver;
import io.ovl.dataplane.control.UpdateRefusedException;
import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.Readiness;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole daemon without a thread, a kernel or a clock of its own: workers and conductor over a device and a network in
 * memory.
 *
 * <p>Thread: the simulation's. Ownership: owns its private key; {@link #close} wipes it.
 */
public final class SimulatedHost implements AutoCloseable {
    /** What every host listens on at first. */
    public static final int PORT = 51_820;

    private static final AeadProvider AEAD = AeadProviders.select("");
    private static final int COUNTERS = 1024;

    private final String name;
    private final ManualClock time;
    private final RandomSource random;
    private final EventLog log;
    private final int workerCount;
    private final InMemoryHost sockets;
    private final IpAddress underlay;
    private final IpAddress overlay;
    private final NoisePrivateKey privateKey;
    private final NoisePublicKey publicKey;
    private final SimulatedClock clock;
    private final SimulatedClock conductorClock;
    private final List<byte[]> delivered = new ArrayList<>();
    private final Map<String, List<byte[]>> deliveredFrames = new HashMap<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<WorkerCounters> workerCounters = new ArrayList<>();

    private InMemoryTunTapDevice device;
    private InMemorySegmentEdges edges;
    private RoutingTables tables;
    private SwitchDriver switchDriver;
    private Conductor conductor;
    private ConductorCounters conductorCounters;
    private int deviceGoneCount;
    private boolean isConductorPaused;

    SimulatedHost(
            Simulation simulation,
            InMemoryNetwork network,
            IpAddress underlay,
            IpAddress overlay,
            int workerCount) {
        this.name = underlay.toString();
        this.time = simulation.clock();
        this.random = simulation.random();
        this.log = simulation.log();
        this.workerCount = workerCount;
        this.underlay = underlay;
        this.overlay = overlay;
        clock = new SimulatedClock(time);
        conductorClock = new SimulatedClock(time);
        sockets = new InMemoryHost(network, underlay);
        privateKey = NoisePrivateKey.generate(random);
        publicKey = privateKey.publicKey();
        device = new InMemoryTunTapDevice("ovl0", false, workerCount);
        edges = new InMemorySegmentEdges(workerCount, sockets);
        tables = RoutingTables.empty();
        switchDriver = new SwitchDriver(random);
        CountersManager counters = counters();
        conductorCounters = new ConductorCounters(counters);
        conductor = assemble(counters);
        listen();
    }

    private static CountersManager counters() {
        return new CountersManager(
                LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                US_ASCII);
    }

    private Conductor assemble(CountersManager counters) {
        device.takesSuperPackets(false);
        RingBuffer ring =
                new ManyToOneRingBuffer(
                        new UnsafeBuffer(
                                LazyMemory.allocate(
                                        Conductor.RING_CAPACITY
                                                + RingBufferDescriptor.TRAILER_LENGTH)));
        List<WorkerProxy> proxies = new ArrayList<>();
        for (int i = 0; i < workerCount; i++) {
            WorkerCounters counted = new WorkerCounters(counters, i);
            Worker worker =
                    new Worker(
                            i,
                            clock,
                            device,
                            tables,
                            switchDriver.tables(),
                            AEAD.newAead(),
                            new ConductorProxy(ring, () -> {}, counted),
                            Readiness.NONE,
                            () -> {},
                            counted);
            worker.onStart();
            workerCounters.add(counted);
            workers.add(worker);
            proxies.add(worker.proxy());
        }
        return new Conductor(
                conductorClock,
                random,
                ring,
                tables,
                switchDriver,
                edges.edges(),
                proxies,
                sockets,
                new NoNames(),
                conductorCounters,
                () -> deviceGoneCount++);
    }

    private void listen() {
        apply(new DeviceUpdate(privateKey.copy(), PORT, null, false, List.of()));
    }

    /** Takes its private key back after it has had another, or none. */
    public void restorePrivateKey() {
        apply(new DeviceUpdate(privateKey.copy(), null, null, false, List.of()));
    }

    /** The daemon dies without a word and starts again with its key and nothing else. */
    public void restart() {
        stop();
        delivered.clear();
        deliveredFrames.clear();
        workers.clear();
        workerCounters.clear();
        device = new InMemoryTunTapDevice("ovl0", false, workerCount);
        edges = new InMemorySegmentEdges(workerCount, sockets);
        tables = RoutingTables.empty();
        switchDriver = new SwitchDriver(random);
        CountersManager counters = counters();
        conductorCounters = new ConductorCounters(counters);
        conductor = assemble(counters);
        listen();
    }

    /** One duty cycle of every agent. Returns how much was done. */
    int doWork() {
        int work = 0;
        for (Worker worker : workers) {
            work += worker.doWork();
        }
        work += isConductorPaused ? 0 : conductor.doWork();
        for (int i = 0; i < workerCount; i++) {
            for (byte[] frame : device.memory(i).takeWritten()) {
                byte[] packet =
                        Arrays.copyOfRange(frame, TunTapQueue.VNET_HEADER_LENGTH, frame.length);
                log.record(time.bootTimeNs(), name + " delivers", packet);
                delivered.add(packet);
            }
            for (InMemoryTap tap : edges.taps.values()) {
                takeFrames(tap, i);
            }
        }
        return work;
    }

    private void takeFrames(InMemoryTap tap, int queue) {
        for (byte[] written : tap.device().memory(queue).takeWritten()) {
            byte[] frame =
                    Arrays.copyOfRange(written, TunTapQueue.VNET_HEADER_LENGTH, written.length);
            log.record(time.bootTimeNs(), name + " " + tap.name() + " delivers", frame);
            deliveredFrames.computeIfAbsent(tap.name(), _ -> new ArrayList<>()).add(frame);
        }
    }

    /** When it does something next if nothing happens; {@code Long.MAX_VALUE} for never. */
    public long nextDeadlineNs() {
        return isConductorPaused ? Long.MAX_VALUE : conductor.nextDeadlineNs();
    }

    /** By how much the conductor's time is behind the workers'. */
    public void conductorLagNs(long value) {
        conductorClock.lagNs(value);
    }

    /** Whether the conductor's thread gets no turn while the workers' do. */
    public void pauseConductor(boolean value) {
        isConductorPaused = value;
    }

    /** Applies an update that is not to be refused. */
    public void apply(DeviceUpdate update) {
        try {
            control().apply(update);
        } catch (UpdateRefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** Applies an update of segments that is not to be refused. */
    public void apply(SegmentUpdate update) {
        try {
            segments().apply(update);
        } catch (ControlException e) {
            throw new AssertionError(e);
        }
    }

    /** Adds or changes peers. */
    public void apply(SimulatedPeer... peers) {
        apply(SimulatedPeer.update(false, peers));
    }

    /** The host has a packet of {@code length} bytes for another. */
    public void send(SimulatedHost destination, long id, int length) {
        inject(SimulatedPacket.of(overlay, destination.overlay, id, length));
    }

    /** The host has a small packet for another. */
    public void send(SimulatedHost destination, long id) {
        send(destination, id, 64);
    }

    public void inject(byte[] packet) {
        inject(0, packet);
    }

    /** The host's kernel hands the packet to the device queue of one worker. */
    public void inject(int worker, byte[] packet) {
        device.memory(worker).inject(packet);
    }

    /** Hands over the packets delivered since the last call, unchecked, in order. */
    public List<byte[]> takePackets() {
        List<byte[]> taken = List.copyOf(delivered);
        delivered.clear();
        return taken;
    }

    /** Hands over the numbers of the packets delivered since the last call, each of them checked, in order. */
    public List<Long> takeDelivered() {
        List<Long> ids = delivered.stream().map(SimulatedPacket::id).toList();
        delivered.clear();
        return ids;
    }

    /** A machine behind the TAP sends a frame, which worker {@code queue} will read. */
    public void sendFrame(String tap, int queue, SimulatedFrame frame) {
        edges.tap(tap).device().memory(queue).inject(frame.bytes());
    }

    /** Hands over the frames that a TAP was given since the last call, each of them checked, in order. */
    public List<SimulatedFrame> takeFrames(String tap) {
        List<byte[]> taken = deliveredFrames.remove(tap);
        return taken == null ? List.of() : taken.stream().map(SimulatedFrame::read).toList();
    }

    /** The entries of its forwarding database. */
    public List<FdbReport> fdb() {
        try {
            return segments().fdb().entries(new FdbQuery(null, null, null, null, null, null));
        } catch (ControlException e) {
            throw new AssertionError(e);
        }
    }

    /** Sets the wall clock of this host alone. */
    public void jumpWallTime(long differenceNs) {
        conductorClock.jumpWallTime(differenceNs);
    }

    public DeviceControl control() {
        return conductor.deviceControl();
    }

    public SegmentControl segments() {
        return conductor.segmentControl();
    }

    /** The host's TAPs, among others. */
    public InMemorySegmentEdges segmentEdges() {
        return edges;
    }

    public InMemoryTunTapDevice device() {
        return device;
    }

    public InMemoryHost sockets() {
        return sockets;
    }

    public SwitchTables switchTables() {
        return switchDriver.tables();
    }

    public RoutingTables tables() {
        return tables;
    }

    public NoisePublicKey publicKey() {
        return publicKey;
    }

    /** Where it is reached at first. */
    public UdpAddress address() {
        return new UdpAddress(underlay, PORT, 0);
    }

    public IpAddress underlay() {
        return underlay;
    }

    public IpAddress overlay() {
        return overlay;
    }

    public int deviceGoneCount() {
        return deviceGoneCount;
    }

    public ConductorCounters conductorCounters() {
        return conductorCounters;
    }

    /** Sum over all workers. */
    public long value(WorkerCounter counter) {
        return workerCounters.stream().mapToLong(counted -> counted.value(counter)).sum();
    }

    /** Sum over all workers and the conductor. */
    public long dropped(DropReason reason) {
        return conductorCounters.dropped(reason) + droppedByWorkers(reason);
    }

    public long droppedByWorkers(DropReason reason) {
        return workerCounters.stream().mapToLong(counted -> counted.dropped(reason)).sum();
    }

    public int workerCount() {
        return workerCount;
    }

    /** Datagrams that the workers received and that no counter says the fate of. */
    public long unaccountedInbound() {
        long unaccounted = 0;
        for (int worker = 0; worker < workerCount; worker++) {
            unaccounted += unaccountedInbound(worker);
        }
        return unaccounted;
    }

    public long unaccountedInbound(int worker) {
        WorkerCounters counted = workerCounters.get(worker);
        long known =
                counted.value(WorkerCounter.DEVICE_WRITE_PACKETS)
                        + counted.value(WorkerCounter.KEEPALIVES_RECEIVED)
                        + counted.value(WorkerCounter.HANDSHAKES_PASSED);
        for (DropReason reason : DropReason.values()) {
            known += reason.isOutbound() ? 0 : counted.dropped(reason);
        }
        return counted.value(WorkerCounter.UDP_RECEIVE_PACKETS) - known;
    }

    /**
     * Packets, none of them a super-packet, that the worker read and that were neither sealed, staged nor dropped
     * before.
     */
    public long unaccountedOutbound(int worker) {
        WorkerCounters counted = workerCounters.get(worker);
        long known =
                counted.value(WorkerCounter.DEVICE_READ_PACKETS)
                        + counted.value(WorkerCounter.STAGED_PACKETS);
        for (DropReason reason : DropReason.values()) {
            known += reason.isOutbound() ? counted.dropped(reason) : 0;
        }
        return counted.value(WorkerCounter.DEVICE_READS) - known + droppedWhenSending(counted);
    }

    /** Packets and keepalives that were to be sealed and were neither sent nor dropped. */
    public long unaccountedSent(int worker) {
        WorkerCounters counted = workerCounters.get(worker);
        return counted.value(WorkerCounter.DEVICE_READ_PACKETS)
                + counted.value(WorkerCounter.KEEPALIVES_SENT)
                - counted.value(WorkerCounter.UDP_SEND_PACKETS)
                - droppedWhenSending(counted);
    }

    private static long droppedWhenSending(WorkerCounters counted) {
        return counted.dropped(DropReason.SEND_FAILED)
                + counted.dropped(DropReason.KEYPAIR_EXHAUSTED);
    }

    /** Handshake messages that the conductor was handed and that led to nothing that is counted. */
    public long unaccountedHandshakes() {
        long known =
                conductorCounters.responsesSent()
                        + conductorCounters.responsesReceived()
                        + conductorCounters.cookiesReceived();
        for (DropReason reason : DropReason.values()) {
            known += conductorCounters.dropped(reason);
        }
        return value(WorkerCounter.HANDSHAKES_PASSED) - known;
    }

    private void stop() {
        workers.forEach(Worker::onClose);
        conductor.onClose();
        device.close();
    }

    @Override
    public void close() {
        stop();
        privateKey.close();
    }

    /** Every endpoint is a literal here. */
    private static final class NoNames implements EndpointResolver {
        @Override
        public void resolve(Peer peer, HostPort host, Runnable onFound) {}

        @Override
        public void forget(Peer peer) {}
    }
}
