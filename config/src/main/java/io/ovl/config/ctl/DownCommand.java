package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code ovlctl down}. */
@Command(
        name = "down",
        description = "Ends a daemon, which takes back what it has set up, and waits for that.",
        footer = {
            "",
            "Commands of its configuration that take longer than --timeout are not waited",
            "for. Of a unit it is what systemctl stop ovld@NAME is."
        })
final class DownCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "unless it is the only one")
    private @Nullable String interfaceName;

    DownCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        long pid;
        try (ControlClient client = context.daemons().connect(interfaceName)) {
            pid = client.call("down", Map.of()).number("pid", 1, Long.MAX_VALUE, 0);
        }
        // There is none any more when the end was quicker than this.
        Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
        if (daemon.isPresent()) {
            awaitEnd(daemon.get(), context.options().timeout);
        }
        return ExitCode.OK;
    }

    private static void awaitEnd(ProcessHandle daemon, Duration timeout) throws ControlException {
        try {
            daemon.onExit().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException e) {
            throw new ControlException(
                    ExitCode.NOT_MET,
                    "timed-out",
                    "the daemon, process "
                            + daemon.pid()
                            + ", is ending, but has not ended in time; --timeout waits longer");
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
