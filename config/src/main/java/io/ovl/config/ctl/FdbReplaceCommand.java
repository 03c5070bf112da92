package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb replace}. */
@Command(
        name = "replace",
        description = "Adds a static entry, in place of any other of that address.",
        footer = {
            "",
            "WORDs: MAC; dev TAP, peer PEER or dst IP; vni VNI or segment NAME; vlan VID for",
            "a tagged one; static, which goes without saying."
        })
final class FdbReplaceCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    FdbReplaceCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = FdbWords.entry(words);
        if (params.get("port") == null) {
            throw new ControlException(
                    ExitCode.USAGE, "usage", "say where: dev TAP, peer PEER or dst IP");
        }
        try (ControlClient client = context.daemons().connect(null)) {
            client.call("fdb.replace", params);
        }
        return ExitCode.OK;
    }
}
