package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl mtu}. */
@Command(
        name = "mtu",
        description = "Shows the overlay's MTU on each path, and the sum that it comes from.")
final class MtuCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(
            arity = "0..1",
            paramLabel = "PEER",
            description = "a peer's name or key, a VTEP's address; all unless given")
    private @Nullable String peer;

    @Option(
            names = "--underlay",
            paramLabel = "BYTES",
            description = "as if that were the underlay's MTU")
    private @Nullable Integer underlay;

    @Option(
            names = "--explain",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "with the sum, or without")
    private boolean explains;

    MtuCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        if (peer != null) {
            params.put("peer", peer);
        }
        if (underlay != null) {
            params.put("underlayMtu", underlay);
        }
        List<MtuReport> paths = new ArrayList<>();
        try (ControlClient client = context.daemons().connect(null)) {
            for (JsonObject path : client.call("mtu", params).objects("paths")) {
                paths.add(MtuReport.fromJson(path));
            }
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("paths", paths.stream().map(MtuReport::toJson).toList());
            return ExitCode.OK;
        }
        SgrText sgr = new SgrText(context.terminal().isColored(context.options()));
        for (MtuReport path : paths) {
            print(path, sgr);
        }
        return ExitCode.OK;
    }

    private void print(MtuReport path, SgrText sgr) {
        String endpoint = path.endpoint() == null ? "" : " over " + path.endpoint();
        context.terminal()
                .out()
                .println(
                        sgr.green(path.target())
                                + ": "
                                + path.mode()
                                + endpoint
                                + ", mtu "
                                + sgr.bold(Integer.toString(path.mtu())));
        if (explains) {
            path.explanation().forEach(line -> context.terminal().out().println("  " + line));
        }
    }
}
