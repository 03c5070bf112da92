package io.ovl.dataplane.daemon;

/** The daemon cannot start. The message says why, and what to do. */
final class DaemonException extends Exception {
    private static final long serialVersionUID = 1L;

    DaemonException(String message) {
        super(message);
    }
}
