package io.ovl.config.ctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** {@code ovlctl completion}. */
@Command(name = "completion", description = "Prints a completion script for a shell.")
final class CompletionCommand implements Callable<Integer> {
    enum Shell {
        bash
    }

    private final CtlContext context;
    private final Supplier<CommandLine> allVerbs;

    @Parameters(paramLabel = "SHELL", description = "bash")
    private Shell shell = Shell.bash;

    CompletionCommand(CtlContext context, Supplier<CommandLine> allVerbs) {
        this.context = context;
        this.allVerbs = allVerbs;
    }

    @Override
    public Integer call() throws ControlException {
        String script =
                switch (shell) {
                    case bash -> AutoComplete.bash("ovlctl", allVerbs.get()) + namesForBash();
                };
        context.terminal().out().print(script);
        return ExitCode.OK;
    }

    /** Behind what picocli knows: the names of peers and segments, for which the script asks the daemon. */
    private static String namesForBash() throws ControlException {
        try (InputStream text =
                CompletionCommand.class.getResourceAsStream("completion-names.bash")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ControlException(
                    ExitCode.FAILED, "failed", "cannot read its own script: " + e.getMessage());
        }
    }
}
