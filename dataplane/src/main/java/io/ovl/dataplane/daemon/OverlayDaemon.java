package io.ovl.dataplane.daemon;

import io.netty.channel.EventLoop;
import io.ovl.config.ctl.CountersFile;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.DeviceControl;
import io.ovl.dataplane.control.JsonControlServer;
import io.ovl.dataplane.control.NameResolver;
import io.ovl.dataplane.control.SdNotify;
import io.ovl.dataplane.control.SegmentEdges;
import io.ovl.dataplane.control.SwitchDriver;
import io.ovl.dataplane.control.UapiServer;
import io.ovl.dataplane.control.UnixSocketFile;
import io.ovl.dataplane.io.AbsentTun;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.LinuxTap;
import io.ovl.dataplane.io.LinuxUdpSockets;
import io.ovl.dataplane.io.LinuxUnderlayRoutes;
import io.ovl.dataplane.io.LinuxVxlanSockets;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.io.SystemClock;
import io.ovl.dataplane.io.TunTapDevice;
import io.ovl.dataplane.io.UdpOptions;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everything of one running daemon, put together and taken apart in order.
 *
 * <p>Thread: the main thread starts and closes it. Errors: {@link #start} leaves nothing behind when it throws.
 */
final class OverlayDaemon implements AutoCloseable {
    /** Told why the daemon has to end, from any thread. */
    interface StopListener {
        void stop(String reason, int exitCode);
    }

    private static final long MAX_WAIT_NS = 1_000_000_000L;
    private static final int EXIT_BROKEN = 70;

    /** Room for those of ten thousand peers; the file takes memory only for those that are used. */
    private static final int COUNTER_CAPACITY = 1 << 15;

    /** Cycles that a busy worker does between two looks at its epoll loop, which it needs only for errors. */
    private static final int BUSY_CYCLES = 64;

    private final DaemonEdges edges;
    private final OvldOptions options;
    private final DaemonLog log;
    private final SdNotify notify;
    private final StopListener stop;
    private final ResourceStack resources;
    private final Clock clock = new SystemClock();
    private final RandomSource random = new SecureRandomSource();
    private @Nullable ConfiguredInterface configured;

    private OverlayDaemon(
            DaemonEdges edges,
            OvldOptions options,
            DaemonLog log,
            SdNotify notify,
            StopListener stop) {
        this.edges = edges;
        this.options = options;
        this.log = log;
        this.notify = notify;
        this.stop = stop;
        resources = new ResourceStack(log);
    }

    /** Starts a daemon; when this returns its control sockets answer. */
    static OverlayDaemon start(
            DaemonEdges edges,
            OvldOptions options,
            DaemonLog log,
            SdNotify notify,
            StopListener stop)
            throws DeviceException, DaemonException, IOException, InterruptedException {
        OverlayDaemon daemon = new OverlayDaemon(edges, options, log, notify, stop);
        boolean isStarted = false;
        try {
            daemon.assemble();
            isStarted = true;
            return daemon;
        } finally {
            if (!isStarted) {
                daemon.close();
            }
        }
    }

    private void assemble()
            throws DeviceException, DaemonException, IOException, InterruptedException {
        ConfiguredInterface fromFile = readConfig();
        DaemonSettings settings = DaemonSettings.of(System.getenv());
        int workerCount = settings.workerCount();
        AeadProvider provider = settings.aeadProvider();
        if (fromFile != null) {
            fromFile.preUp();
        }
        TunTapDevice device =
                fromFile == null || fromFile.hasTun()
                        ? edges.openDevice(options.interfaceName(), workerCount)
                        : new AbsentTun(options.interfaceName(), workerCount);
        resources.push("device", device);
        CountersManager counters = createCounters();
        RoutingTables tables = RoutingTables.empty();
        SwitchDriver switchDriver = new SwitchDriver(random);
        RingBuffer ring =
                new ManyToOneRingBuffer(
                        new UnsafeBuffer(
                                ByteBuffer.allocateDirect(
                                        Conductor.RING_CAPACITY
                                                + RingBufferDescriptor.TRAILER_LENGTH)));
        EpollLoop conductorLoop = new EpollLoop();

        List<Worker> workers = new ArrayList<>();
        List<EpollLoop> workerLoops = new ArrayList<>();
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
                            provider.newAead(),
                            new ConductorProxy(ring, conductorLoop::wakeup, workerCounters),
                            new LoopReadiness(loop),
                            loop::wakeup,
                            workerCounters);
            workers.add(worker);
            workerLoops.add(loop);
            proxies.add(worker.proxy());
        }
        EventLoop eventLoop = conductorLoop.eventLoop();
        Runnable onDeleted = () -> stop.stop("interface deleted", 0);
        Conductor conductor =
                new Conductor(
                        clock,
                        random,
                        ring,
                        tables,
                        switchDriver,
                        new SegmentEdges(
                                name -> LinuxTap.open(name, workerCount),
                                (local, port, fwmark) ->
                                        LinuxVxlanSockets.open(
                                                local, port, workerCount, fwmark, random.nextInt()),
                                resources.push("routes", LinuxUnderlayRoutes.open()),
                                log::error),
                        proxies,
                        (port, fwmark) ->
                                LinuxUdpSockets.open(
                                        new UdpOptions(null, port, workerCount, fwmark, true)),
                        resources.push("resolver", new NameResolver(eventLoop, log::error)),
                        new ConductorCounters(counters),
                        onDeleted);
        LinkWatch link = resources.push("link watch", LinkWatch.open(device, log, onDeleted));
        UnderlayWatch underlay =
                resources.push(
                        "underlay watch",
                        UnderlayWatch.open(conductor, tables.localAddresses(), clock));
        resources.push(
                "conductor",
                AgentThread.start(
                        conductor,
                        conductorLoop,
                        new EpollIdleStrategy(
                                conductorLoop, () -> waitNs(conductor.nextDeadlineNs()), 1),
                        broken("conductor")));
        for (int i = 0; i < workerCount; i++) {
            resources.push(
                    "worker " + i,
                    AgentThread.start(
                            workers.get(i),
                            workerLoops.get(i),
                            new EpollIdleStrategy(
                                    workerLoops.get(i), () -> MAX_WAIT_NS, BUSY_CYCLES),
                            broken("worker " + i)));
        }
        DeviceControl control = conductor.deviceControl();
        ConductorAccess access =
                new ConductorAccess(eventLoop, control, conductor.segmentControl());
        DeviceUpdate first =
                fromFile == null
                        ? new DeviceUpdate(null, 0, null, false, List.of())
                        : fromFile.firstUpdate();
        access.call(
                _ -> {
                    control.apply(first);
                    if (fromFile != null) {
                        access.segments().apply(fromFile.config().toSegmentUpdate());
                    }
                    link.register(conductorLoop);
                    underlay.register(conductorLoop);
                    return true;
                });
        UapiServer uapi =
                new UapiServer(
                        eventLoop,
                        new UnixSocketFile(
                                edges.uapiDirectory().resolve(options.interfaceName() + ".sock")),
                        control,
                        log::error);
        ConductorAccess.await(uapi.start());
        resources.push("uapi server", () -> ConductorAccess.await(uapi.close()));
        JsonControlServer json =
                new JsonControlServer(
                        eventLoop,
                        new UnixSocketFile(
                                edges.runDirectory().resolve(options.interfaceName() + ".sock")),
                        control,
                        conductor.segmentControl(),
                        new StatusReporter(
                                device, conductor, provider.name(), workerCount, clock.wallTime()));
        ConductorAccess.await(json.start());
        resources.push("control server", () -> ConductorAccess.await(json.close()));
        if (fromFile != null) {
            resources.push("interface", fromFile::down);
            fromFile.up(access);
        }
        PeerCounters peerCounters = new PeerCounters(counters, conductor);
        resources.push(
                "housekeeping",
                new Housekeeping(
                                uapi::isSocketFilePresent,
                                List.of(link::refresh, peerCounters::publish),
                                notify,
                                stop)
                        .schedule(eventLoop));
        log.info("interface " + device.name() + ", aead " + provider.name());
    }

    /** The configuration is at hand, and known to be good, before anything is made. */
    private @Nullable ConfiguredInterface readConfig() throws DaemonException {
        if (options.configFile() != null) {
            ConfiguredInterface read =
                    ConfiguredInterface.read(
                            options.interfaceName(), new ConfigFile(options.configFile()), log);
            resources.push("configuration", read::end);
            configured = read;
        }
        return configured;
    }

    private CountersManager createCounters() throws IOException {
        Path path = edges.runDirectory().resolve(options.interfaceName() + ".counters");
        Files.createDirectories(edges.runDirectory());
        CountersFile file =
                CountersFile.create(path, COUNTER_CAPACITY, clock.wallTime().toEpochMilli());
        resources.push("counters file", () -> Files.deleteIfExists(path));
        return new CountersManager(file.metadata(), file.values(), StandardCharsets.US_ASCII);
    }

    private Consumer<Throwable> broken(String agent) {
        return error -> {
            log.error(agent + " broke: " + error);
            error.printStackTrace();
            stop.stop(agent + " broke", EXIT_BROKEN);
        };
    }

    private long waitNs(long deadlineNs) {
        return deadlineNs == Long.MAX_VALUE
                ? MAX_WAIT_NS
                : Math.clamp(deadlineNs - clock.bootTimeNs(), 0, MAX_WAIT_NS);
    }

    /** Reads the configuration again, if there is one, and says what came of it; a bad one changes nothing. */
    void reload() throws InterruptedException {
        if (configured == null) {
            return;
        }
        notify.reloading(clock.bootTimeNs());
        String outcome = options.interfaceName() + " is up, reloaded";
        try {
            configured.reload();
            log.info("reloaded " + options.configFile());
        } catch (DaemonException e) {
            log.error("not reloaded, nothing has changed: " + e.getMessage());
            outcome = options.interfaceName() + " is up; the last reload was refused";
        }
        notify.ready(outcome);
    }

    /** Stops answering, then carrying packets, then wipes keys and closes sockets, then the device. Idempotent. */
    @Override
    public void close() {
        resources.close();
    }
}
