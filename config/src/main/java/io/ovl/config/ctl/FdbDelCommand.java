package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb del}. */
@Command(
        name = "del",
        description = "Deletes the entry of a MAC address, learned or static.",
        footer = {"", "WORDs: MAC, then vni VNI or segment NAME, and vlan VID for a tagged one."})
final class FdbDelCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    @Option(names = "--if-exists", description = "be content if there is none")
    private boolean ifExists;

    FdbDelCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = FdbWords.entry(words);
        params.put("ifExists", ifExists);
        try (ControlClient client = context.daemons().connect(null)) {
            client.call("fdb.del", params);
        }
        return ExitCode.OK;
    }
}
