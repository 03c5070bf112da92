package io.ovl.config.ctl;

import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** {@code ovlctl stats}: reads the counters file, so that the daemon does not notice. */
@Command(
        name = "stats",
        description = {
            "Shows the daemon's counters, those that are not zero.",
            "Workers' counters are added up; with -d each worker's own are shown."
        })
final class StatsCommand implements Callable<Integer> {
    private static final Pattern WORKER = Pattern.compile("worker \\d+: ");

    private final CtlContext context;

    @Parameters(arity = "0..1", paramLabel = "IFACE", description = "the same as -i IFACE")
    private @Nullable String interfaceName;

    @Option(names = "--drops", description = "only the counters of dropped packets")
    private boolean isDropsOnly;

    @Option(names = "--all", description = "those that are zero, too")
    private boolean showsZeros;

    StatsCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws ControlException {
        Path path = context.daemons().counters(interfaceName);
        Map<String, Long> counters;
        long startedAtMs;
        try (CountersFile file = CountersFile.open(path)) {
            startedAtMs = file.startedAtMs();
            counters = read(file);
        } catch (AccessDeniedException e) {
            throw new ControlException(
                    ExitCode.NOT_PERMITTED, "not-permitted", path + ": permission denied");
        } catch (IOException e) {
            throw new ControlException(ExitCode.FAILED, "failed", path + ": " + e.getMessage());
        }
        if (!showsZeros) {
            counters.values().removeIf(value -> value == 0);
        }
        if (!context.options().isQuiet) {
            print(counters, Instant.ofEpochMilli(startedAtMs));
        }
        return ExitCode.OK;
    }

    private Map<String, Long> read(CountersFile file) {
        Map<String, Long> counters = new LinkedHashMap<>();
        CountersReader reader = new CountersReader(file.metadata(), file.values());
        reader.forEach(
                (counterId, typeId, _, label) -> {
                    if (typeId == CountersFile.DROP_TYPE_ID || !isDropsOnly) {
                        String name =
                                context.options().showsDetails
                                        ? label
                                        : WORKER.matcher(label).replaceFirst("");
                        counters.merge(name, reader.getCounterValue(counterId), Long::sum);
                    }
                });
        return counters;
    }

    private void print(Map<String, Long> counters, Instant startedAt) {
        if (!context.options().isJson) {
            counters.forEach(
                    (label, value) -> context.terminal().out().printf("%20d  %s%n", value, label));
            return;
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        counters.forEach(
                (label, value) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("label", label);
                    row.put("value", value);
                    rows.add(row);
                });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("startedAt", startedAt.toString());
        json.put("counters", rows);
        context.printJson(json);
    }
}
