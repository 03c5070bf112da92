package io.ovl.dataplane.daemon;

import io.ovl.config.ctl.ControlException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Why and when the daemon ends, and what it is woken for until then; the first reason to end counts.
 *
 * <p>Thread: any; {@link #serve} the main thread.
 */
final class StopSignal {
    private boolean isStopped;
    private String reason = "";
    private int exitCode;
    private List<Consumer<Optional<ControlException>>> wishes = new ArrayList<>();

    /** What a wish is fulfilled by: reads the configuration again, and says why it refused it. */
    @FunctionalInterface
    interface Reload {
        Optional<ControlException> run() throws InterruptedException;
    }

    /** Ends the daemon. */
    synchronized void stop(String why, int code) {
        if (!isStopped) {
            isStopped = true;
            reason = why;
            exitCode = code;
            notifyAll();
        }
    }

    /**
     * Has the daemon read its configuration again; several wishes while it does not listen are one.
     *
     * @param done told what came of it, unless the daemon ends before
     */
    synchronized void reload(Consumer<Optional<ControlException>> done) {
        wishes.add(done);
        notifyAll();
    }

    /** Fulfils wishes until the daemon is to end. */
    void serve(Reload reload) throws InterruptedException {
        List<Consumer<Optional<ControlException>>> next = awaitWishes();
        while (!next.isEmpty()) {
            Optional<ControlException> outcome = reload.run();
            next.forEach(done -> done.accept(outcome));
            next = awaitWishes();
        }
    }

    private synchronized List<Consumer<Optional<ControlException>>> awaitWishes()
            throws InterruptedException {
        while (!isStopped && wishes.isEmpty()) {
            wait();
        }
        List<Consumer<Optional<ControlException>>> next = isStopped ? List.of() : wishes;
        wishes = new ArrayList<>();
        return next;
    }

    synchronized boolean isStopped() {
        return isStopped;
    }

    synchronized String reason() {
        return reason;
    }

    synchronized int exitCode() {
        return exitCode;
    }
}
