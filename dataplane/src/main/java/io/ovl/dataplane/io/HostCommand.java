package io.ovl.dataplane.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * A run of one of the host's own tools, with arguments as they are, never through a shell.
 *
 * <p>Thread: the conductor, before it serves: it waits for the tool.
 *
 * @param output standard output and error as they came
 */
record HostCommand(int exitStatus, String output) {
    /** Runs a program in the network namespace of the calling thread, with {@code input} on its standard input. */
    static HostCommand run(String input, String... arguments) throws DeviceException {
        try {
            Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
            } catch (IOException e) {
                // It ended before it had read everything: its output says why.
                return finish(process);
            }
            return finish(process);
        } catch (IOException e) {
            throw new DeviceException("run " + arguments[0] + ": " + e.getMessage(), Errno.ENOENT);
        }
    }

    private static HostCommand finish(Process process) throws IOException, DeviceException {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            return new HostCommand(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new DeviceException("interrupted while a tool ran", Errno.EINTR);
        }
    }

    boolean succeeded() {
        return exitStatus == 0;
    }

    List<String> lines() {
        return output.lines().toList();
    }
}
