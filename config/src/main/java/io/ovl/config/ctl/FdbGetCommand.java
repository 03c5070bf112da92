package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb get}. */
@Command(
        name = "get",
        description = "Shows the entry of a MAC address in a segment.",
        footer = {"", "WORDs: MAC, then vni VNI or segment NAME, and vlan VID for a tagged one."})
final class FdbGetCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    FdbGetCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        FdbShowCommand.print(context, "fdb.get", FdbWords.entry(words));
        return ExitCode.OK;
    }
}
