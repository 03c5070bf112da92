package io.ovl.config.ctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
    public Integer call() {
        String script =
                switch (shell) {
                    case bash -> AutoComplete.bash("ovlctl", allVerbs.get());
                };
        context.terminal().out().print(script);
        return ExitCode.OK;
    }
}
