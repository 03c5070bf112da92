package io.ovl.config.ctl;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs the usual commands once each, so that the JVM can write down which classes that takes (JEP 514): the cache from
 * which {@code ovlctl} starts.
 *
 * <p>Thread: one.
 */
final class Rehearsal {
    private static final String[][] COMMANDS = {
        {"show"}, {"status"}, {"peers", "list"}, {"stats"}, {"show", "--json"}, {"--help"}
    };

    private Rehearsal() {}

    /** Takes one argument, the directory of the sockets to rehearse with. */
    public static void main(String[] args) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        nowhere,
                        nowhere,
                        Map.of("WG_COLOR_MODE", "always"),
                        false);
        for (String[] command : COMMANDS) {
            new OvlCtl(terminal, Path.of(args[0])).run(command);
        }
        // As the program itself ends, and a little of what only it does.
        Terminal.ofProcess().out().flush();
        System.exit(ExitCode.OK);
    }
}
