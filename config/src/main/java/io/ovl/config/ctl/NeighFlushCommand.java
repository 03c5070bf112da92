package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl neigh flush}. */
@Command(
        name = "flush",
        description = "Forgets who has which IP address.",
        footer = {"", "WORDs: vni VNI or segment NAME."})
final class NeighFlushCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    NeighFlushCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        long flushed;
        try (ControlClient client = context.daemons().connect(null)) {
            flushed =
                    client.call("neigh.flush", FdbWords.filter(words))
                            .number("flushed", 0, Long.MAX_VALUE, 0);
        }
        printFlushed(context, flushed);
        return ExitCode.OK;
    }

    /** Says how many entries went when details or JSON are asked for. */
    static void printFlushed(CtlContext context, long flushed) {
        if (context.options().isQuiet) {
            return;
        }
        if (context.options().isJson) {
            context.printJson(Map.of("flushed", flushed));
        } else if (context.options().showsStatistics || context.options().showsDetails) {
            context.terminal().out().println(flushed + (flushed == 1 ? " entry" : " entries"));
        }
    }
}
