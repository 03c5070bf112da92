package io.ovl.dataplane.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs the commands of a configuration file in {@code bash}, as wg-quick does: one after the other, {@code %i} for the
 * interface.
 *
 * <p>A command does not outlive the daemon, except what it leaves running in the background.
 *
 * <p>Thread: the main thread, which waits for each. Errors: a command that fails ends {@link #run}, and so does the
 * wish that the daemon end; {@link #runAll} says so and goes on.
 */
final class HookRunner {
    private static final long LIMIT_SECONDS = 60;
    private static final long LAST_WORDS_MS = 200;
    private static final long LOOK_INTERVAL_MS = 50;

    /** Part of util-linux. Where it is not, a daemon that is killed by force leaves a command behind. */
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final String interfaceName;
    private final DaemonLog log;
    private final BooleanSupplier isStopped;

    /** @param isStopped whether the daemon is to end, from any thread */
    HookRunner(String interfaceName, DaemonLog log, BooleanSupplier isStopped) {
        this.interfaceName = interfaceName;
        this.log = log;
        this.isStopped = isStopped;
    }

    /** Runs the commands of {@code key} up to the first that fails. */
    void run(String key, List<String> commands) throws DaemonException, InterruptedException {
        for (String command : commands) {
            run(key, command, isStopped);
        }
    }

    /** Runs them all, whatever becomes of each. */
    void runAll(String key, List<String> commands) throws InterruptedException {
        for (String command : commands) {
            try {
                run(key, command, () -> false);
            } catch (DaemonException e) {
                log.error(e.getMessage());
            }
        }
    }

    private void run(String key, String text, BooleanSupplier isGivenUp)
            throws DaemonException, InterruptedException {
        String command = text.replace("%i", interfaceName);
        log.info(key + ": " + command);
        ProcessBuilder builder = new ProcessBuilder(commandLine(command)).redirectErrorStream(true);
        // It is not for a command to say that the daemon is ready.
        builder.environment().remove("NOTIFY_SOCKET");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            LastWords words = new LastWords();
            // What a command leaves running in the background may hold its output open: do not wait
            // for its end.
            Thread reader = Thread.ofVirtual().start(() -> read(process, key, words));
            String interruption = await(process, isGivenUp);
            if (!interruption.isEmpty()) {
                throw new DaemonException(key + ": " + command + ": " + interruption);
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

    /** Waits for its end, and sees to it; says what it ended of, or nothing when by itself. */
    private static String await(Process process, BooleanSupplier isGivenUp)
            throws InterruptedException {
        boolean isDone = false;
        try {
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (!process.waitFor(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
                if (isGivenUp.getAsBoolean()) {
                    return "given up, since the daemon is to end";
                }
                if (System.nanoTime() - endNs >= 0) {
                    return "not done after " + LIMIT_SECONDS + " s";
                }
            }
            isDone = true;
            return "";
        } finally {
            if (!isDone) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static List<String> commandLine(String command) {
        List<String> line = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            line.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL"));
        }
        line.addAll(List.of("bash", "-e", "-o", "pipefail", "-c", command));
        return line;
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
