package io.ovl.dataplane.daemon;

/**
 * Why and when the daemon ends, and what it is woken for until then; the first reason to end counts.
 *
 * <p>Thread: any.
 */
final class StopSignal {
    private boolean isStopped;
    private boolean isReloadWanted;
    private String reason = "";
    private int exitCode;

    /** Ends the daemon. */
    synchronized void stop(String why, int code) {
        if (!isStopped) {
            isStopped = true;
            reason = why;
            exitCode = code;
            notifyAll();
        }
    }

    /** Has the daemon read its configuration again; several wishes while it does not listen are one. */
    synchronized void reload() {
        isReloadWanted = true;
        notifyAll();
    }

    /** Waits until there is something to do: true to reload, false to end. */
    synchronized boolean awaitReload() throws InterruptedException {
        while (!isStopped && !isReloadWanted) {
            wait();
        }
        isReloadWanted = false;
        return !isStopped;
    }

    synchronized String reason() {
        return reason;
    }

    synchronized int exitCode() {
        return exitCode;
    }
}
