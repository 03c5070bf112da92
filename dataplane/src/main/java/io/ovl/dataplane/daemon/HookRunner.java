package io.ovl.dataplane.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the commands of a configuration file in {@code bash}, as wg-quick does: one after the other, {@code %i} for the interface.
 *
 * <p>Thread: the main thread, which waits for each. Errors: a command that fails ends {@link #run}; {@link #runAll} says so and goes on.
 */
final class HookRunner {
    private static final long LIMIT_SECONDS = 60;
    private static final long LAST_WORDS_MS = 200;

    private final String interfaceName;
    private final DaemonLog log;

    HookRunner(String interfaceName, DaemonLog log) {
        this.interfaceName = interfaceName;
        this.log = log;
    }

    /** Runs the commands of {@code key} up to the first that fails. */
    void run(String key, List<String> commands) throws DaemonException, InterruptedException {
        for (String command : commands) {
            run(key, command);
        }
    }

    /** Runs them all, whatever becomes of each. */
    void runAll(String key, List<String> commands) throws InterruptedException {
        for (String command : commands) {
            try {
                run(key, command);
            } catch (DaemonException e) {
                log.error(e.getMessage());
            }
        }
    }

    private void run(String key, String text) throws DaemonException, InterruptedException {
        String command = text.replace("%i", interfaceName);
        log.info(key + ": " + command);
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", command)
                        .redirectErrorStream(true);
        // It is not for a command to say that the daemon is ready.
        builder.environment().remove("NOTIFY_SOCKET");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            LastWords words = new LastWords();
            // What a command leaves running in the background may hold its output open: do not wait
            // for its end.
            Thread reader = Thread.ofVirtual().start(() -> read(process, key, words));
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new DaemonException(
                        key + ": " + command + ": not done after " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                reader.join(LAST_WORDS_MS);
                throw new DaemonException(
                        key
                                + ": "
                                + command
                                + ": exit "
                                + process.exitValue()
                                + (words.line.isEmpty() ? "" : ": " + words.line));
            }
        } catch (IOException e) {
            throw new DaemonException(key + ": " + e.getMessage());
        }
    }

    private void read(Process process, String key, LastWords words) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines()
                    .forEach(
                            line -> {
                                words.line = line;
                                log.info(key + ": " + line);
                            });
        } catch (IOException | UncheckedIOException e) {
            // Nobody is left to say anything.
        }
    }

    /** The last line of a command's output so far. */
    private static final class LastWords {
        volatile String line = "";
    }
}
