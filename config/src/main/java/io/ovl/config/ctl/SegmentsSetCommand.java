package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl segments set}. */
@Command(name = "set", description = "Changes a segment. What is not given stays as it is.")
final class SegmentsSetCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "SEGMENT", description = "its name or its VNI")
    private String name = "";

    @Mixin private final SegmentOptions segment = new SegmentOptions();

    SegmentsSetCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        return send(context, "segments.set", segment.params(name));
    }

    /**
     * Sends a change of a segment, prints the segment as it is now when JSON is asked for, and warns of one that
     * carries nothing.
     */
    static int send(CtlContext context, String method, Map<String, @Nullable Object> params)
            throws ControlException {
        SegmentReport report;
        try (ControlClient client = context.daemons().connect(null)) {
            report = SegmentReport.fromJson(client.call(method, params));
        }
        if (context.options().isJson && !context.options().isQuiet) {
            context.printJson("segments", List.of(report.toJson()));
        }
        if (report.isCutOff() && !context.options().isQuiet) {
            context.terminal()
                    .err()
                    .println(
                            "warning: segment "
                                    + report.name()
                                    + " has neither --remote nor --open on: "
                                    + SegmentSection.CUT_OFF);
        }
        return ExitCode.OK;
    }
}
