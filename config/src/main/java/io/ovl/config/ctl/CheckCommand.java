package io.ovl.config.ctl;

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
            "Reads them as ovld does, without one. Exits with 6 when one would be refused."
        })
final class CheckCommand implements Callable<Integer> {
    private final CtlContext context;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "such as /etc/ovl/NAME.conf")
    private List<Path> files = List.of();

    CheckCommand(CtlContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<ConfigProblem> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                ConfigParser.parse(file, SecretFiles.refusingExposed()).close();
            } catch (BadConfigException e) {
                problems.addAll(e.problems());
            }
        }
        if (!context.options().isQuiet) {
            print(problems);
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.INVALID_CONFIG;
    }

    private void print(List<ConfigProblem> problems) {
        if (context.options().isJson) {
            context.printJson("problems", problems.stream().map(CheckCommand::json).toList());
            return;
        }
        problems.forEach(problem -> context.terminal().err().println(problem));
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
