package io.ovl.config.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ovlctl neigh show}. */
@Command(
        name = "show",
        description = "Shows who has which IP address, as was seen in ARP and ND.",
        footer = {"", "WORDs: vni VNI or segment NAME."})
final class NeighShowCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "see below")
    private List<String> words = List.of();

    NeighShowCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        List<NeighborReport> neighbors = new ArrayList<>();
        try (ControlClient client = context.daemons().connect(null)) {
            for (JsonObject neighbor :
                    client.call("neigh.show", FdbWords.filter(words)).objects("neighbors")) {
                neighbors.add(NeighborReport.fromJson(neighbor));
            }
        }
        if (context.options().isQuiet) {
            return ExitCode.OK;
        }
        if (context.options().isJson) {
            context.printJson("neighbors", neighbors.stream().map(NeighborReport::toJson).toList());
            return ExitCode.OK;
        }
        for (NeighborReport neighbor : neighbors) {
            String used = context.options().showsStatistics ? " used " + neighbor.ageSeconds() : "";
            context.terminal().out().println(neighbor.words() + used);
        }
        return ExitCode.OK;
    }
}
