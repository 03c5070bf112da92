package io.ovl.dataplane.daemon;

import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.Hooks;
import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.Setting;
import io.ovl.config.parse.ConfigPlaces;
import io.ovl.dataplane.control.Refusals;
import io.ovl.dataplane.control.SegmentControl;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.InterfacePlan;
import io.ovl.dataplane.io.InterfaceSetup;
import io.ovl.dataplane.io.NameServers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An interface that a file describes: made so in the order of wg-quick, changed when the file is read again, unmade at
 * the end.
 *
 * <ol>
 *   <li>{@link #preUp}: PreUp, before there is an interface;
 *   <li>{@link #firstUpdate}: keys, port, mark and peers, before the daemon can be reached;
 *   <li>{@link #up}: addresses, MTU, routes, name servers; PostUp, which may use {@code wg} and {@code ovlctl};
 *   <li>{@link #reload}, any number of times: no commands run, sessions of peers that stay go on;
 *   <li>{@link #down}: PreDown, SaveConfig, then routes and the rest are taken back;
 *   <li>{@link #end}: PostDown, once the interface is gone.
 * </ol>
 *
 * <p>Thread: the main thread. Errors: {@link #reload} changes nothing when it throws; after any other the caller goes
 * on with {@link #down} and {@link #end}, which run commands only for an interface that was up.
 */
final class ConfiguredInterface {
    private final String name;
    private final ConfigFile file;
    private final DaemonLog log;
    private final HookRunner hookRunner;
    private final InterfaceSetup setup = new InterfaceSetup();
    private final NameServers nameServers;
    private final boolean hasTun;
    private OvlConfig config;
    private ConfigPlaces places;
    private InterfacePlan plan;
    private @Nullable ConductorAccess conductor;
    private boolean wasUp;

    private ConfiguredInterface(
            String name,
            ConfigFile file,
            OvlConfig config,
            ConfigPlaces places,
            DaemonLog log,
            BooleanSupplier isStopped)
            throws DaemonException {
        this.name = name;
        this.file = file;
        this.config = config;
        this.places = places;
        this.log = log;
        hookRunner = new HookRunner(name, log, isStopped);
        nameServers = new NameServers(name);
        plan = plan(config);
        hasTun = config.wantsTun();
    }

    /**
     * Reads the file; nothing is made yet.
     *
     * @param isStopped whether the way up is to be given up
     */
    static ConfiguredInterface read(
            String name, ConfigFile file, DaemonLog log, BooleanSupplier isStopped)
            throws DaemonException {
        ConfigPlaces places = new ConfigPlaces();
        OvlConfig config = file.read(places);
        try {
            ConfiguredInterface read =
                    new ConfiguredInterface(name, file, config, places, log, isStopped);
            warn(config, log);
            return read;
        } catch (DaemonException e) {
            config.close();
            throw e;
        }
    }

    /** What is in force. */
    OvlConfig config() {
        return config;
    }

    /** Where in the file that stands. */
    ConfigPlaces places() {
        return places;
    }

    /** Whether there is a layer 3 interface; a daemon that carries Ethernet alone has none. */
    boolean hasTun() {
        return hasTun;
    }

    /** What is allowed, and most likely not meant. */
    private static void warn(OvlConfig config, DaemonLog log) {
        config.warnings().forEach(log::warning);
    }

    void preUp() throws DaemonException, InterruptedException {
        hookRunner.run("PreUp", hooks().preUp());
    }

    /** What the daemon begins with. */
    DeviceUpdate firstUpdate() throws DeviceException {
        plan = plan.withFwmark(setup.markFor(plan));
        DeviceUpdate update = config.toDeviceUpdate();
        return new DeviceUpdate(
                update.privateKey(),
                Objects.requireNonNullElse(update.listenPort(), 0),
                plan.fwmark(),
                true,
                update.peers());
    }

    /** Everything but the sockets, which answer by now. */
    void up(ConductorAccess access) throws DaemonException, InterruptedException {
        conductor = access;
        try {
            setUp(plan);
            changeNameServers(config);
        } catch (DeviceException e) {
            throw refusal(e).at(places);
        }
        hookRunner.run("PostUp", hooks().postUp());
        wasUp = true;
    }

    /** Reads the file again and applies what is different in it, all or nothing. */
    void reload() throws DaemonException, InterruptedException {
        ConfigPlaces nextPlaces = new ConfigPlaces();
        OvlConfig next = file.read(nextPlaces);
        boolean isDone = false;
        try {
            InterfacePlan wanted = plan(next);
            wanted = wanted.withFwmark(setup.markFor(wanted));
            change(next, wanted);
            isDone = true;
            plan = wanted;
            places = nextPlaces;
            warn(next, log);
        } catch (DeviceException e) {
            throw refusal(e).at(nextPlaces);
        } catch (DaemonException e) {
            throw e.at(nextPlaces);
        } finally {
            OvlConfig useless = isDone ? config : next;
            config = isDone ? next : config;
            useless.close();
        }
    }

    private static DaemonException refusal(DeviceException e) {
        return new DaemonException(
                String.valueOf(e.getMessage()), Refusals.exitCode(e), e.setting());
    }

    /** What only the conductor can refuse comes last, so that everything before it can be taken back. */
    private void change(OvlConfig next, InterfacePlan wanted)
            throws DeviceException, DaemonException, InterruptedException {
        if (next.wantsTun() != hasTun) {
            throw new DaemonException(
                    file.path()
                            + (hasTun
                                    ? " wants no layer 3 interface any more"
                                    : " wants a layer 3 interface")
                            + ": that takes a restart");
        }
        setUp(wanted);
        boolean isDone = false;
        try {
            changeNameServers(next);
            int fwmark = wanted.fwmark();
            SegmentControl segments = conductor().segments();
            conductor()
                    .call(
                            control -> {
                                try (SegmentControl.PreparedUpdate prepared =
                                        segments.prepare(next.toSegmentUpdate())) {
                                    control.apply(
                                            ConfigChange.of(control.state(), config, next, fwmark));
                                    prepared.commit();
                                }
                                return true;
                            });
            isDone = true;
        } finally {
            if (!isDone) {
                takeBackChange();
            }
        }
    }

    private void setUp(InterfacePlan wanted) throws DeviceException {
        if (hasTun) {
            setup.change(wanted);
        }
    }

    private void takeBackChange() {
        try {
            setUp(plan);
            changeNameServers(config);
        } catch (DeviceException e) {
            log.error("going back to the configuration before: " + e.getMessage());
        }
    }

    /** Unmakes what {@link #up} made. Idempotent. */
    void down() throws InterruptedException {
        if (wasUp) {
            hookRunner.runAll("PreDown", hooks().preDown());
            if (config.interfaceSection().savesConfig()) {
                save();
            }
        }
        nameServers.close();
        setup.close();
    }

    private void save() throws InterruptedException {
        SegmentControl segments = conductor().segments();
        try (OvlConfig saved =
                conductor()
                        .call(
                                control ->
                                        SavedConfig.of(
                                                config,
                                                control.state(),
                                                segments.sections(),
                                                segments::membership))) {
            file.write(saved);
        } catch (DaemonException | IOException e) {
            log.error("SaveConfig: " + file.path() + " is as it was: " + e.getMessage());
        }
    }

    /** The interface is gone: the last commands, and the end of the keys. Idempotent. */
    void end() throws InterruptedException {
        if (wasUp) {
            wasUp = false;
            hookRunner.runAll("PostDown", hooks().postDown());
        }
        config.close();
    }

    private void changeNameServers(OvlConfig wanted) throws DeviceException {
        try {
            nameServers.change(wanted.interfaceSection().dns());
        } catch (DeviceException e) {
            throw new DeviceException(
                    e.getMessage()
                            + "; it takes resolvconf and the right to use it, or leave out DNS and"
                            + " have PostUp do it",
                    e.errno(),
                    Setting.ofInterface("DNS"));
        }
    }

    private InterfacePlan plan(OvlConfig from) throws DaemonException {
        InterfaceSection section = from.interfaceSection();
        List<IpPrefix> routes =
                from.peers().stream().flatMap(peer -> peer.allowedIps().stream()).toList();
        List<IpAddress> endpoints = from.peers().stream().flatMap(this::literalEndpoint).toList();
        try {
            return new InterfacePlan(
                    name,
                    section.addresses(),
                    section.mtu() == null ? 0 : section.mtu(),
                    section.table(),
                    routes,
                    endpoints,
                    section.fwmark());
        } catch (IllegalArgumentException e) {
            throw new DaemonException(
                    file.path() + ": " + e.getMessage() + " is not one for ip(8)");
        }
    }

    /** Endpoints by name are looked up later, and do not count for the MTU. */
    private Stream<IpAddress> literalEndpoint(PeerSection peer) {
        return peer.endpoint() == null
                ? Stream.empty()
                : Stream.ofNullable(IpAddress.parse(peer.endpoint().host()));
    }

    private Hooks hooks() {
        return config.interfaceSection().hooks();
    }

    private ConductorAccess conductor() {
        return Objects.requireNonNull(conductor, "the interface is up");
    }
}
