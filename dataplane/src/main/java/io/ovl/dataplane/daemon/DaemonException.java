package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ExitCode;

/** The daemon cannot start, or cannot do what it was asked for. The message says why, and what to do. */
final class DaemonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    DaemonException(String message) {
        this(message, ExitCode.FAILED);
    }

    DaemonException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What the process ends with when this ends it. */
    int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
