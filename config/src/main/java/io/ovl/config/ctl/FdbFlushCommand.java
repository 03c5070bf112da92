package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb flush}. */
@Command(
        name = "flush",
        description = "Deletes all learned entries that the words fit.",
        footer = {"", "WORDs: dev TAP, peer PEER, dst IP; vni VNI, segment NAME."})
final class FdbFlushCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    @Option(names = "--all", description = "static entries too")
    private boolean isAll;

    FdbFlushCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = FdbWords.filter(words);
        params.put("all", isAll);
        long flushed;
        try (ControlClient client = context.daemons().connect(null)) {
            flushed = client.call("fdb.flush", params).number("flushed", 0, Long.MAX_VALUE, 0);
        }
        NeighFlushCommand.printFlushed(context, flushed);
        return ExitCode.OK;
    }
}
