package io.ovl.config.ctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code ovlctl}: shows and changes what running daemons do.
 *
 * <p>Thread: one.
 */
@Command(
        name = "ovlctl",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows and changes what running ovld daemons do.",
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage, 3 daemon not reachable, 4 no such object,",
            "5 conflict or exists, 6 invalid config, 7 not permitted, 8 timed out or not met."
        })
public final class OvlCtl {
    @Mixin private final GlobalOptions options = new GlobalOptions();
    private final Terminal terminal;
    private final Path runDirectory;

    OvlCtl(Terminal terminal, Path runDirectory) {
        this.terminal = terminal;
        this.runDirectory = runDirectory;
    }

    public static void main(String[] args) {
        System.exit(new OvlCtl(Terminal.ofProcess(), Daemons.RUN_DIRECTORY).run(args));
    }

    /** Runs one command and returns its exit code; what it printed is flushed. */
    int run(String... args) {
        int exit = commandLine(args).execute(args);
        terminal.out().flush();
        if (terminal.out().checkError() && exit == ExitCode.OK) {
            return ExitCode.FAILED;
        }
        return exit;
    }

    CommandLine commandLine(String... args) {
        CtlContext context = new CtlContext(terminal, options, new Daemons(runDirectory, options));
        CommandLine root = new CommandLine(this);
        new Verbs(context, this::commandLine).addTo(root, args);
        return root.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setUsageHelpWidth(80)
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setParameterExceptionHandler((e, _) -> reportUsage(context, e))
                .setExecutionExceptionHandler(
                        (e, _, _) -> {
                            if (e instanceof ControlException failure) {
                                return context.fail(failure);
                            }
                            throw e;
                        });
    }

    /**
     * Picocli's own message quotes what it did not understand, which may be a key that was typed where it must not be.
     */
    private static int reportUsage(CtlContext context, ParameterException e) {
        String message = String.valueOf(e.getMessage());
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        if (KeyInput.mentionsKey(message)) {
            message = "a key is never an argument: give a file, or standard input";
        }
        return context.fail(
                new ControlException(
                        ExitCode.USAGE, "usage", message + "\nTry: " + command + " --help"));
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
