package io.ovl.config.ctl;

import io.ovl.config.model.OvlConfig;
import io.ovl.config.parse.BadConfigException;
import io.ovl.config.parse.ConfigParser;
import io.ovl.config.parse.ConfigProblem;
import io.ovl.config.parse.SecretFiles;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code ovlctl check}. */
@Command(
        name = "check",
        description = "Says what is wrong with configuration files.",
        footer = {
            "",
            "Reads them as ovld does, without one. Exits with 6 when one would be refused,",
            "and with 0 when there is only something to warn of."
        })
final class CheckCommand implements Callable<Integer> {
    /** What is allowed in a file, and most likely not meant. */
    private record Warning(Path file, String text) {
        String line() {
            return "warning: " + file + ": " + text;
        }

        Map<String, Object> toJson() {
            return Map.of("file", file.toString(), "text", text);
        }
    }

    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "such as /etc/ovl/NAME.conf")
    private List<Path> files = List.of();

    CheckCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<ConfigProblem> problems = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        for (Path file : files) {
            try (OvlConfig config = ConfigParser.parse(file, SecretFiles.refusingExposed())) {
                config.warnings().forEach(text -> warnings.add(new Warning(file, text)));
            } catch (BadConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!context.options().isQuiet) {
            print(problems, warnings);
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.INVALID_CONFIG;
    }

    private void print(List<ConfigProblem> problems, List<Warning> warnings) {
        if (context.options().isJson) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("problems", problems.stream().map(CheckCommand::json).toList());
            json.put("warnings", warnings.stream().map(Warning::toJson).toList());
            context.printJson(json);
            return;
        }
        problems.forEach(problem -> context.terminal().err().println(problem));
        warnings.forEach(warning -> context.terminal().err().println(warning.line()));
    }

    private static Map<String, @Nullable Object> json(ConfigProblem problem) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("file", problem.file());
        json.put("line", problem.line());
        json.put("column", problem.column());
        json.put("section", problem.section());
        json.put("key", problem.key());
        json.put("code", problem.reason().code());
        json.put("found", problem.found());
        json.put("allowed", problem.allowed());
        return json;
    }
}
