package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb add}. */
@Command(
        name = "add",
        description = "Adds a static entry: frames for the address go to that port.",
        footer = {
            "",
            "WORDs: MAC; dev TAP, peer PEER or dst IP; vni VNI or segment NAME; vlan VID for",
            "a tagged one; static, which goes without saying."
        })
final class FdbAddCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    @Option(names = "--may-exist", description = "be content if it is there like that")
    private boolean mayExist;

    FdbAddCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = FdbWords.entry(words);
        if (params.get("port") == null) {
            throw new ControlException(
                    ExitCode.USAGE, "usage", "say where: dev TAP, peer PEER or dst IP");
        }
        params.put("mayExist", mayExist);
        try (ControlClient client = context.daemons().connect(null)) {
            client.call("fdb.add", params);
        }
        return ExitCode.OK;
    }
}
