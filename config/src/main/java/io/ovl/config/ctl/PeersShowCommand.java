package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl peers show}. */
@Command(name = "show", description = "Shows one peer.")
final class PeersShowCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "PEER", description = "its name or its public key")
    private String peer = "";

    PeersShowCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        PeerReport report;
        try (ControlClient client = context.daemons().connect(null)) {
            report = PeerReport.fromJson(client.call("peers.show", Map.of("peer", peer)));
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("peers", List.of(report.toJson()));
            return ExitCode.OK;
        }
        Terminal terminal = context.terminal();
        SgrText sgr = new SgrText(terminal.isColored(context.options()));
        new WgText(terminal.out(), sgr, true, Clock.systemUTC()).print(report);
        line(sgr, "endpoint host", report.endpointHost());
        line(sgr, "segments", String.join(", ", report.segments()));
        line(sgr, "vtep", report.vtep());
        line(sgr, "waiting", report.waiting());
        return ExitCode.OK;
    }

    private void line(SgrText sgr, String label, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            context.terminal().out().println("  " + sgr.bold(label) + ": " + value);
        }
    }
}
