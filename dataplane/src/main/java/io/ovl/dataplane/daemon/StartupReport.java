package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.ProcessStreams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the launcher, which waits to return to its caller, that the daemon's sockets answer, or with which code it ends
 * instead.
 *
 * <p>Thread: the main thread, once.
 */
final class StartupReport {
    /** The launcher's pipe, whose other end waits for all writers to close it; -1 when nobody waits. */
    private static final int FD = Integer.getInteger("ovl.ready.fd", -1);

    private static final int STANDARD_ERROR = 2;

    private StartupReport() {}

    /** Reports success and lets go of the launcher's pipe. */
    static void ready() throws IOException {
        if (FD >= 0) {
            Files.writeString(file(FD), "ready\n");
            if (target(STANDARD_ERROR).equals(target(FD))) {
                ProcessStreams.discardStandardError();
            }
            ProcessStreams.close(FD);
        }
    }

    /** Reports failure; the pipe goes with the process, after what there is to say on standard error. */
    static void failed(int exitCode) {
        if (FD >= 0) {
            try {
                Files.writeString(file(FD), "exit " + exitCode + "\n");
            } catch (IOException e) {
                // The launcher is gone: nobody asks any more.
            }
        }
    }

    private static Path target(int fd) throws IOException {
        return Files.readSymbolicLink(file(fd));
    }

    private static Path file(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }
}
