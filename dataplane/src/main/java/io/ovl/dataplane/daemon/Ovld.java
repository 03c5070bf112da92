package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.OvlVersion;
import io.ovl.dataplane.control.Refusals;
import io.ovl.dataplane.control.SdNotify;
import io.ovl.dataplane.io.DeviceException;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code ovld}: one interface, its sockets and its control servers, until the interface or its socket file is deleted
 * or a signal ends it.
 *
 * <p>Thread: the main thread waits; the agents run on threads of their own.
 */
public final class Ovld {

    /** The commands of a configuration may take their time; a service manager has a limit of its own. */
    private static final int SHUTDOWN_TIMEOUT_SECONDS = 90;

    /**
     * They warn, with a stack trace, of a loopback interface that is down and of interfaces without a hardware address,
     * as they are in a new network namespace. Held: a logger that nobody holds forgets its level.
     */
    private static final List<Logger> NOISY_LOGS =
            List.of(
                    Logger.getLogger("io.netty.util.NetUtilInitializations"),
                    Logger.getLogger("io.netty.util.internal.MacAddressUtil"));

    private Ovld() {}

    public static void main(String[] arguments) throws InterruptedException {
        OvldOptions options;
        try {
            options = OvldOptions.parse(arguments);
        } catch (OvldOptions.UsageException e) {
            System.err.println("ovld: " + e.getMessage());
            System.err.println("Try: ovld --help");
            StartupReport.failed(ExitCode.USAGE);
            System.exit(ExitCode.USAGE);
            return;
        }
        switch (options.action()) {
            case HELP -> System.out.print(OvldOptions.USAGE);
            case VERSION -> System.out.println("ovld " + OvlVersion.current());
            case RUN -> System.exit(run(options));
        }
    }

    private static int run(OvldOptions options) throws InterruptedException {
        NOISY_LOGS.forEach(noisy -> noisy.setLevel(Level.SEVERE));
        DaemonLog log = DaemonLog.of(System.getenv().getOrDefault("LOG_LEVEL", "error"));
        SdNotify notify = SdNotify.of(System.getenv(), ProcessHandle.current().pid());
        StopSignal stop = new StopSignal();
        CountDownLatch closed = new CountDownLatch(1);
        stopOnSignal(stop, closed);
        try {
            KeyLogFile.openIfWanted(System.getenv());
            OverlayDaemon daemon =
                    OverlayDaemon.start(DaemonEdges.SYSTEM, options, log, notify, stop);
            try {
                StartupReport.ready();
                notify.ready(options.interfaceName() + " is up");
                if (options.configFile() != null) {
                    HangupSignal.onSignal(() -> stop.reload(_ -> {}));
                }
                stop.serve(daemon::reload);
                notify.stopping();
                log.info("stopping: " + stop.reason());
            } finally {
                daemon.close();
            }
            return stop.exitCode();
        } catch (DaemonException e) {
            // A bad configuration says by itself where it is, as compilers do.
            boolean isLocated = e.getMessage().startsWith("error[");
            return failed(isLocated ? e.getMessage() : "ovld: " + e.getMessage(), e.exitCode());
        } catch (DeviceException | IOException e) {
            return failed("ovld: " + e.getMessage(), Refusals.exitCode(e));
        } finally {
            closed.countDown();
        }
    }

    private static int failed(String message, int exitCode) {
        System.err.println(message);
        StartupReport.failed(exitCode);
        return exitCode;
    }

    /**
     * On a signal the hook keeps the JVM alive until everything is closed, and then ends it with the daemon's own exit
     * code.
     */
    private static void stopOnSignal(StopSignal stop, CountDownLatch closed) {
        Thread hook =
                new Thread(
                        () -> {
                            if (closed.getCount() == 0) {
                                return; // It ends by itself, with a code of its own.
                            }
                            stop.stop("signal", 0);
                            try {
                                if (closed.await(SHUTDOWN_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                                        && stop.exitCode() == 0) {
                                    Runtime.getRuntime().halt(0);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "ovl-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
