package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.CountersFile;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.control.Conductor;
import io.ovl.dataplane.control.JsonControlServer;
import io.ovl.dataplane.control.SdNotify;
import io.ovl.dataplane.control.UapiServer;
import io.ovl.dataplane.control.UnixSocketFile;
import io.ovl.dataplane.io.AbsentTun;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.io.SystemClock;
import io.ovl.dataplane.io.TunTapDevice;

import org.agrona.concurrent.status.CountersManager;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything of one running daemon, put together and taken apart in order.
 *
 * <p>Thread: the main thread starts and closes it. Errors: {@link #start} leaves nothing behind when it throws.
 */
final class OverlayDaemon implements AutoCloseable {
    private static final int EXIT_BROKEN = 70;

    /** Room for those of ten thousand peers; the file takes memory only for those that are used. */
    private static final int COUNTER_CAPACITY = 1 << 15;

    private final DaemonEdges edges;
    private final OvldOptions options;
    private final DaemonLog log;
    private final SdNotify notify;
    private final StopSignal stop;
    private final ResourceStack resources;
    private final Clock clock = new SystemClock();
    private final RandomSource random = new SecureRandomSource();
    private @Nullable ConfiguredInterface configured;

    private OverlayDaemon(
            DaemonEdges edges,
            OvldOptions options,
            DaemonLog log,
            SdNotify notify,
            StopSignal stop) {
        this.edges = edges;
        this.options = options;
        this.log = log;
        this.notify = notify;
        this.stop = stop;
        resources = new ResourceStack(log);
    }

    /** Starts a daemon; when this returns its control sockets answer. */
    static OverlayDaemon start(
            DaemonEdges edges, OvldOptions options, DaemonLog log, SdNotify notify, StopSignal stop)
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
        TunTapDevice device = resources.push("device", openDevice(fromFile, workerCount));
        CountersManager counters = createCounters();
        Runnable onDeleted = () -> stop.stop("interface deleted", 0);
        DaemonAgents agents =
                new DaemonAgents(
                        clock,
                        random,
                        device,
                        workerCount,
                        provider,
                        counters,
                        log,
                        resources,
                        onDeleted);
        Conductor conductor = agents.conductor();
        LinkWatch link = resources.push("link watch", LinkWatch.open(device, log, onDeleted));
        UnderlayWatch underlay =
                resources.push(
                        "underlay watch",
                        UnderlayWatch.open(conductor, agents.localAddresses(), clock));
        agents.start(settings.busyPollNs(), this::onBroken);
        ConductorAccess access = agents.access();
        configure(access, fromFile);
        access.call(
                _ -> {
                    link.register(agents.conductorLoop());
                    underlay.register(agents.conductorLoop());
                    return true;
                });
        UapiServer uapi = serveUapi(access);
        serveJson(
                access,
                new StatusReporter(
                        device, conductor, provider.name(), workerCount, clock.wallTime()));
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
                                notify::watchdog,
                                notify.watchdogPeriodNs(),
                                stop,
                                error -> onBroken("housekeeping", error))
                        .schedule(access.loop()));
        if (settings.isWarmingUp()) {
            resources.push(
                    "warm-up",
                    new WarmUp(
                                    provider,
                                    random,
                                    clock,
                                    log,
                                    agents::carriedPackets,
                                    kinds(fromFile),
                                    WarmUp.ROUNDS)
                            .start());
        }
        log.info("interface " + device.name() + ", aead " + provider.name());
    }

    private static WarmUp.Kinds kinds(@Nullable ConfiguredInterface fromFile) {
        return fromFile == null
                ? new WarmUp.Kinds(true, false)
                : new WarmUp.Kinds(fromFile.hasTun(), !fromFile.config().segments().isEmpty());
    }

    /** The configuration is at hand, and known to be good, before anything is made. */
    private @Nullable ConfiguredInterface readConfig() throws DaemonException {
        if (options.configFile() != null) {
            ConfiguredInterface read =
                    ConfiguredInterface.read(
                            options.interfaceName(),
                            new ConfigFile(options.configFile()),
                            log,
                            stop::isStopped);
            resources.push("configuration", read::end);
            configured = read;
        }
        return configured;
    }

    private TunTapDevice openDevice(@Nullable ConfiguredInterface fromFile, int queueCount)
            throws DeviceException {
        return fromFile == null || fromFile.hasTun()
                ? edges.openDevice(options.interfaceName(), queueCount)
                : new AbsentTun(options.interfaceName(), queueCount);
    }

    private CountersManager createCounters() throws IOException {
        Path path = edges.runDirectory().resolve(options.interfaceName() + ".counters");
        Files.createDirectories(edges.runDirectory());
        CountersFile file =
                CountersFile.create(path, COUNTER_CAPACITY, clock.wallTime().toEpochMilli());
        resources.push("counters file", () -> Files.deleteIfExists(path));
        return new CountersManager(file.metadata(), file.values(), StandardCharsets.US_ASCII);
    }

    /** Everything that the conductor begins with, before anybody can reach it. */
    private static void configure(ConductorAccess access, @Nullable ConfiguredInterface fromFile)
            throws DeviceException, DaemonException, InterruptedException {
        DeviceUpdate first =
                fromFile == null
                        ? new DeviceUpdate(null, 0, null, false, List.of())
                        : fromFile.firstUpdate();
        try {
            access.call(
                    control -> {
                        control.apply(first);
                        if (fromFile != null) {
                            access.segments().apply(fromFile.config().toSegmentUpdate());
                        }
                        return true;
                    });
        } catch (DaemonException e) {
            throw fromFile == null ? e : e.at(fromFile.places());
        }
    }

    private UapiServer serveUapi(ConductorAccess access)
            throws DaemonException, InterruptedException {
        UapiServer uapi =
                new UapiServer(
                        access.loop(),
                        new UnixSocketFile(
                                edges.uapiDirectory().resolve(options.interfaceName() + ".sock")),
                        access.control(),
                        log::error);
        ConductorAccess.await(uapi.start());
        resources.push("uapi server", () -> ConductorAccess.await(uapi.close()));
        return uapi;
    }

    private void serveJson(ConductorAccess access, StatusReporter status)
            throws DaemonException, InterruptedException {
        JsonControlServer json =
                new JsonControlServer(
                        access.loop(),
                        new UnixSocketFile(
                                edges.runDirectory().resolve(options.interfaceName() + ".sock")),
                        access.control(),
                        access.segments(),
                        status,
                        this::wishReload,
                        () -> stop.stop("ovlctl down", 0));
        ConductorAccess.await(json.start());
        resources.push("control server", () -> ConductorAccess.await(json.close()));
    }

    private void onBroken(String agent, Throwable error) {
        log.error(agent + " broke: " + error);
        error.printStackTrace();
        stop.stop(agent + " broke", EXIT_BROKEN);
    }

    private void wishReload(Consumer<Optional<ControlException>> done) throws ControlException {
        if (configured == null) {
            throw new ControlException(
                    ExitCode.NO_SUCH_OBJECT,
                    "no-config",
                    options.interfaceName() + " was started without a configuration file");
        }
        stop.reload(done);
    }

    /** Reads the configuration again, if there is one, and says what came of it; a bad one changes nothing. */
    Optional<ControlException> reload() throws InterruptedException {
        if (configured == null) {
            return Optional.empty();
        }
        notify.reloading(clock.bootTimeNs());
        String outcome = options.interfaceName() + " is up, reloaded";
        try {
            configured.reload();
            log.info("reloaded " + options.configFile());
            return Optional.empty();
        } catch (DaemonException e) {
            log.error("not reloaded, nothing has changed: " + e.getMessage());
            outcome = options.interfaceName() + " is up; the last reload was refused";
            return Optional.of(
                    new ControlException(e.exitCode(), "reload-refused", e.getMessage()));
        } finally {
            notify.ready(outcome);
        }
    }

    /** Stops answering, then carrying packets, then wipes keys and closes sockets, then the device. Idempotent. */
    @Override
    public void close() {
        resources.close();
    }
}
