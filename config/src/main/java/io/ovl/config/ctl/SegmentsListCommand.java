package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl segments list}. */
@Command(name = "list", description = "Lists the segments, one a line.")
final class SegmentsListCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "the same as -i IFACE")
    private @Nullable String interfaceName;

    SegmentsListCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<SegmentReport> segments = new ArrayList<>();
        try (ControlClient client = context.daemons().connect(interfaceName)) {
            for (JsonObject segment : client.call("segments.list", Map.of()).objects("segments")) {
                segments.add(SegmentReport.fromJson(segment));
            }
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("segments", segments.stream().map(SegmentReport::toJson).toList());
        } else {
            table(segments).print(context.terminal().out());
        }
        return ExitCode.OK;
    }

    private static TextTable table(List<SegmentReport> segments) {
        TextTable table =
                new TextTable("NAME", "VNI", "PORT", "BRIDGE", "ENCAP", "MTU", "MACS", "REMOTES");
        for (SegmentReport segment : segments) {
            table.add(
                    segment.name(),
                    Integer.toString(segment.vni()),
                    segment.port(),
                    segment.bridge() == null ? "-" : segment.bridge(),
                    segment.encap(),
                    segment.mtu() == 0 ? "-" : Integer.toString(segment.mtu()),
                    Integer.toString(segment.macCount()),
                    remotes(segment));
        }
        return table;
    }

    /** Whom a segment reaches: peers when it is sealed, VTEPs when it is in the clear. */
    static String remotes(SegmentReport segment) {
        List<String> remotes = new ArrayList<>(segment.peers());
        remotes.addAll(segment.remotes());
        return remotes.isEmpty() ? "-" : String.join(",", remotes);
    }
}
