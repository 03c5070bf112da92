package io.ovl.config.ctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command line program is given: its three streams, its environment, and whether a person looks at its output.
 *
 * <p>Thread: one.
 */
record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean isInteractive) {

    static Terminal ofProcess() {
        PrintStream out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                        false,
                        StandardCharsets.UTF_8);
        PrintStream err =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        return new Terminal(
                new FileInputStream(FileDescriptor.in), out, err, System.getenv(), isTerminal());
    }

    /** Whether to colour, as {@code wg} decides it, NO_COLOR (no-color.org) honoured besides. */
    boolean isColored(GlobalOptions options) {
        if (options.color != null && options.color != GlobalOptions.Color.auto) {
            return options.color == GlobalOptions.Color.always;
        }
        String mode = environment.getOrDefault("WG_COLOR_MODE", "");
        return switch (mode) {
            case "always" -> true;
            case "never" -> false;
            default ->
                    isInteractive
                            && environment.getOrDefault("NO_COLOR", "").isEmpty()
                            && !"dumb".equals(environment.get("TERM"));
        };
    }

    /** Asks /proc: a downcall to isatty, or the JDK's console, would cost a good part of the start-up time. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
