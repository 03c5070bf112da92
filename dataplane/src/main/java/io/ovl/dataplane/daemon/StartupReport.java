package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.ProcessStreams;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells whoever started the daemon that its sockets answer: the launcher that waits to return to its caller.
 *
 * <p>Thread: the main thread, once.
 */
final class StartupReport {
    private static final byte[] READY = "ready\n".getBytes(StandardCharsets.US_ASCII);

    private StartupReport() {}

    /**
     * Reports, and then lets go of the launcher's pipe, whose other end waits for all writers to close it.
     *
     * @param readyFd the pipe, or -1 when nobody waits
     */
    static void ready(int readyFd, DaemonLog log) throws IOException {
        if (readyFd >= 0) {
            Files.write(Path.of("/proc/self/fd/" + readyFd), READY);
            if (!log.isVerbose()) {
                ProcessStreams.discardStandardError();
            }
            ProcessStreams.close(readyFd);
        }
    }
}
