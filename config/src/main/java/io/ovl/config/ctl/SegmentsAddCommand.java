package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl segments add}. */
@Command(
        name = "add",
        description = "Adds a segment. It needs --vni and --port.",
        footer = {"", "Then name it at its peers: ovlctl peers set PEER --segments=+NAME"})
final class SegmentsAddCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "NAME", description = "what to call it")
    private String name = "";

    @Mixin private final SegmentOptions segment = new SegmentOptions();

    @Option(names = "--may-exist", description = "change the segment if it exists")
    private boolean mayExist;

    SegmentsAddCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Map<String, @Nullable Object> params = segment.params(name);
        params.put("mayExist", mayExist);
        return SegmentsSetCommand.send(context, "segments.add", params);
    }
}
