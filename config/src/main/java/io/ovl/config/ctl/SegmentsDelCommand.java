package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl segments del}. */
@Command(
        name = "del",
        description = "Removes a segment, its TAP and its part of the forwarding database.")
final class SegmentsDelCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "SEGMENT", description = "its name or its VNI")
    private String name = "";

    @Option(names = "--if-exists", description = "be content if there is none")
    private boolean ifExists;

    SegmentsDelCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<String> removed;
        try (ControlClient client = context.daemons().connect(null)) {
            JsonObject result =
                    client.call("segments.del", Map.of("name", name, "ifExists", ifExists));
            removed = result.texts("removed");
        }
        if (context.options().isJson && !context.options().isQuiet) {
            context.printJson("removed", removed == null ? List.of() : removed);
        }
        return ExitCode.OK;
    }
}
