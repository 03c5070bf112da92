package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb watch}. */
@Command(
        name = "watch",
        description = "Says what happens to entries until it is interrupted.",
        footer = {
            "",
            "WORDs: dev TAP, peer PEER, dst IP; vni VNI, segment NAME. Events: learned,",
            "moved, aged, evicted, held, released, added, deleted; lost when some were",
            "not told."
        })
final class FdbWatchCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    FdbWatchCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        try (ControlClient client = context.daemons().connect(null)) {
            client.watch("fdb.watch", FdbWords.filter(words), this::print);
        }
        return ExitCode.OK;
    }

    /** Returns whether anybody still reads what is printed. */
    private boolean print(JsonObject json) throws ControlException {
        FdbEventReport event = FdbEventReport.fromJson(json);
        PrintStream out = context.terminal().out();
        if (context.options().isJson) {
            context.printJson(event.toJson());
        } else if (!context.options().isQuiet) {
            out.println((context.options().showsDetails ? event.time() + " " : "") + event.words());
        }
        return !out.checkError();
    }
}
