package io.ovl.dataplane.io;

/**
 * The descriptors that a process inherits, which the JDK has no way to close.
 *
 * <p>Thread: the main thread.
 */
public final class ProcessStreams {
    private static final int STANDARD_ERROR = 2;
    private static final int O_WRONLY = 1;

    private ProcessStreams() {}

    /** Points standard error to nowhere, and so lets go of what it was. */
    public static void discardStandardError() {
        LibC libc = new LibC();
        int nowhere = libc.open("/dev/null", O_WRONLY);
        if (nowhere >= 0) {
            libc.dup2(nowhere, STANDARD_ERROR);
            libc.close(nowhere);
        }
    }

    /** Closes an inherited descriptor. */
    public static void close(int fd) {
        new LibC().close(fd);
    }
}
