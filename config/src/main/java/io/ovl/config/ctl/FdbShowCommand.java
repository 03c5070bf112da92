package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl fdb show}. */
@Command(
        name = "show",
        description = "Shows the entries that all of the words fit.",
        footer = {
            "",
            "WORDs: dev TAP, peer PEER, dst IP; vni VNI, segment NAME; vlan VID; static,",
            "dynamic. With --json it prints a bare array, as bridge -j does."
        })
final class FdbShowCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    FdbShowCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        print(context, "fdb.show", FdbWords.filter(words));
        return ExitCode.OK;
    }

    /** Asks for entries and prints them. */
    static void print(CtlContext context, String method, Map<String, @Nullable Object> params)
            throws ControlException {
        List<FdbReport> entries = new ArrayList<>();
        try (ControlClient client = context.daemons().connect(null)) {
            for (JsonObject entry : client.call(method, params).objects("fdb")) {
                entries.add(FdbReport.fromJson(entry));
            }
        }
        if (context.options().isQuiet) {
            return;
        }
        if (context.options().isJson) {
            context.printJsonArray(entries.stream().map(FdbReport::toJson).toList());
            return;
        }
        for (FdbReport entry : entries) {
            context.terminal().out().println(line(context, entry));
        }
    }

    private static String line(CtlContext context, FdbReport entry) {
        StringBuilder line = new StringBuilder(entry.words());
        if (context.options().showsDetails) {
            line.append(" segment ").append(entry.segment());
        }
        if (context.options().showsStatistics) {
            line.append(" used ").append(entry.ageSeconds());
        }
        return line.append(entry.state().equals("static") ? " static" : "").toString();
    }
}
