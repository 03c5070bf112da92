package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl segments show}. */
@Command(name = "show", description = "Shows one segment with all its settings.")
final class SegmentsShowCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(paramLabel = "SEGMENT", description = "its name or its VNI")
    private String name = "";

    SegmentsShowCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        SegmentReport report;
        try (ControlClient client = context.daemons().connect(null)) {
            report = SegmentReport.fromJson(client.call("segments.show", Map.of("name", name)));
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("segments", List.of(report.toJson()));
        } else {
            print(report, new SgrText(context.terminal().isColored(context.options())));
        }
        return ExitCode.OK;
    }

    private void print(SegmentReport segment, SgrText sgr) {
        context.terminal().out().println(sgr.green("segment") + ": " + sgr.green(segment.name()));
        line(sgr, "vni", Integer.toString(segment.vni()));
        line(sgr, "port", segment.port());
        if (segment.bridge() != null) {
            line(sgr, "bridge", segment.bridge());
        }
        line(sgr, "encap", segment.encap());
        if (segment.local() != null) {
            line(sgr, "local", segment.local());
        }
        line(sgr, "remotes", SegmentsListCommand.remotes(segment));
        line(
                sgr,
                "mtu",
                (segment.mtu() == 0 ? "not known" : segment.mtu())
                        + (segment.isMtuFixed() ? ", set" : ", from the underlay's"));
        line(sgr, "macs", segment.macCount() + " of at most " + segment.maxMacs());
        line(sgr, "ageing", segment.ageingSeconds() == 0 ? "off" : segment.ageingSeconds() + " s");
        line(
                sgr,
                "flood limit",
                segment.floodLimit() == 0 ? "off" : segment.floodLimit() + " frames/s");
        line(sgr, "learning", onOff(segment.isLearning()));
        line(sgr, "suppress arp", onOff(segment.suppressesArp()));
        line(sgr, "clamp mss", onOff(segment.clampsMss()));
        line(sgr, "strict", onOff(segment.isStrict()));
        line(sgr, "open", onOff(segment.isOpen()));
        if (segment.isLooping()) {
            line(sgr, "loop", sgr.red("frames come back: flooding is held down"));
        }
    }

    private void line(SgrText sgr, String label, String value) {
        PrintStream out = context.terminal().out();
        out.println("  " + sgr.bold(label) + ": " + value);
    }

    private static String onOff(boolean value) {
        return value ? "on" : "off";
    }
}
