package io.ovl.dataplane.daemon;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.NameResolver;
import io.ovl.dataplane.control.SegmentEdges;
import io.ovl.dataplane.control.SwitchDriver;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.HostChanges;
import io.ovl.dataplane.io.LinuxTap;
import io.ovl.dataplane.io.LinuxUdpSockets;
import io.ovl.dataplane.io.LinuxUnderlayRoutes;
import io.ovl.dataplane.io.LinuxVxlanSockets;
import io.ovl.dataplane.io.LocalAddresses;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.UdpOptions;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The agents of one daemon with the kernel at their edges: the conductor, and a worker for each queue of the device.
 *
 * <p>Thread: the main thread makes and starts them; each then runs on a thread of its own. Ownership: all that is
 * opened goes onto the resource stack, the workers above the conductor: they have stopped when it wipes the keys and
 * closes the sockets.
 */
final class DaemonAgents {
    private static final long MAX_WAIT_NS = 1_000_000_000L;

    /** Cycles that a busy worker does between two looks at its epoll loop, which it needs only for errors. */
    static final int BUSY_CYCLES = 64;

    private record LoopedWorker(Worker worker, EpollLoop loop, WorkerCounters counters) {}

    private final Clock clock;
    private final ResourceStack resources;
    private final RoutingTables tables = RoutingTables.empty();
    private final EpollLoop conductorLoop = new EpollLoop();
    private final Conductor conductor;
    private final List<LoopedWorker> workers = new ArrayList<>();

    DaemonAgents(
            Clock clock,
            RandomSource random,
            TunTapDevice device,
            int workerCount,
            AeadProvider aeadProvider,
            CountersManager counters,
            DaemonLog log,
            ResourceStack resources,
            Runnable onDeleted)
            throws DeviceException {
        this.clock = clock;
        this.resources = resources;
        SwitchDriver switchDriver = new SwitchDriver(random);
        RingBuffer ring = newConductorRing();
        List<WorkerProxy> proxies = new ArrayList<>();
        for (int i = 0; i < workerCount; i++) {
            WorkerCounters workerCounters = new WorkerCounters(counters, i);
            EpollLoop loop = new EpollLoop();
            Worker worker =
                    new Worker(
                            i,
                            clock,
                            device,
                            tables,
                            switchDriver.tables(),
                            aeadProvider.newAead(),
                            new ConductorProxy(ring, conductorLoop::wakeup, workerCounters),
                            new LoopReadiness(loop),
                            loop::wakeup,
                            workerCounters);
            workers.add(new LoopedWorker(worker, loop, workerCounters));
            proxies.add(worker.proxy());
        }
        conductor =
                new Conductor(
                        clock,
                        random,
                        ring,
                        tables,
                        switchDriver,
                        segmentEdges(workerCount, random, log),
                        proxies,
                        (port, fwmark) ->
                                LinuxUdpSockets.open(
                                        new UdpOptions(null, port, workerCount, fwmark, true)),
                        resources.push(
                                "resolver",
                                new NameResolver(conductorLoop.eventLoop(), log::error)),
                        new ConductorCounters(counters),
                        onDeleted);
    }

    private static RingBuffer newConductorRing() {
        return new ManyToOneRingBuffer(
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(
                                Conductor.RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    private SegmentEdges segmentEdges(int workerCount, RandomSource random, DaemonLog log)
            throws DeviceException {
        return new SegmentEdges(
                name -> LinuxTap.open(name, workerCount),
                (local, port, fwmark) ->
                        LinuxVxlanSockets.open(local, port, workerCount, fwmark, random.nextInt()),
                resources.push("routes", LinuxUnderlayRoutes.open()),
                resources.push("host changes", HostChanges.open())::hasChanged,
                log::error);
    }

    /**
     * Sets all of them going.
     *
     * @param busyPollNs how long a worker looks for more before it waits
     * @param onBroken takes whatever one of them throws, with its name
     */
    void start(long busyPollNs, BiConsumer<String, Throwable> onBroken) {
        resources.push(
                "conductor",
                AgentThread.start(
                        conductor,
                        conductorLoop,
                        new EpollIdleStrategy(
                                conductorLoop, () -> waitNs(conductor.nextDeadlineNs()), 1, 0),
                        error -> onBroken.accept("conductor", error)));
        for (int i = 0; i < workers.size(); i++) {
            String name = "worker " + i;
            LoopedWorker looped = workers.get(i);
            resources.push(
                    name,
                    AgentThread.start(
                            looped.worker,
                            looped.loop,
                            new EpollIdleStrategy(
                                    looped.loop, () -> MAX_WAIT_NS, BUSY_CYCLES, busyPollNs),
                            error -> onBroken.accept(name, error)));
        }
    }

    private long waitNs(long deadlineNs) {
        return deadlineNs == Long.MAX_VALUE
                ? MAX_WAIT_NS
                : Math.clamp(deadlineNs - clock.bootTimeNs(), 0, MAX_WAIT_NS);
    }

    /** Packets that the workers have read from devices and sockets, from any thread. */
    long carriedPackets() {
        long packets = 0;
        for (LoopedWorker looped : workers) {
            packets += looped.counters.value(WorkerCounter.DEVICE_READ_PACKETS);
            packets += looped.counters.value(WorkerCounter.UDP_RECEIVE_PACKETS);
        }
        return packets;
    }

    Conductor conductor() {
        return conductor;
    }

    EpollLoop conductorLoop() {
        return conductorLoop;
    }

    /** The host's own addresses, as the workers see them. */
    LocalAddresses localAddresses() {
        return tables.localAddresses();
    }

    /** What the main thread reaches the running conductor by. */
    ConductorAccess access() {
        return new ConductorAccess(
                conductorLoop.eventLoop(), conductor.deviceControl(), conductor.segmentControl());
    }
}
