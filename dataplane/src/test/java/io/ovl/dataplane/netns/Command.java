package io.ovl.dataplane.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs to their end, bounded in time.
 *
 * <p>Output goes through a file, not through a pipe: a daemon that goes to the background may keep its end of a pipe
 * open.
 *
 * <p>Errors: a program that does not end in time is killed and fails the test.
 */
final class Command {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** How a program ended: standard output and standard error together. */
    record Outcome(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private Command() {}

    static Outcome tryRun(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("ovl-it-", ".out");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectInput(
                                        ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                                .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(
                            command
                                    + " did not end within "
                                    + LIMIT
                                    + ":\n"
                                    + Files.readString(output));
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }

    /** Runs a program that has to succeed, and returns its output without the last line break. */
    static String run(String... command) {
        return run(Map.of(), List.of(command));
    }

    static String run(Map<String, String> environment, List<String> command) {
        Outcome outcome = tryRun(environment, command);
        if (!outcome.succeeded()) {
            throw new AssertionError(
                    command + " ended with " + outcome.exitCode() + ":\n" + outcome.output());
        }
        return outcome.output().stripTrailing();
    }
}
