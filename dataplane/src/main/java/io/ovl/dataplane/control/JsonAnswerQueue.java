package io.ovl.dataplane.control;

import java.util.ArrayDeque;

/**
 * Lets long answers be made one after the other: one of a large table takes tens of megabytes until its client has read
 * it, and the heap has no room for sixteen. Who does not read holds the others up until {@link JsonIdleTimeout} ends
 * that.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonAnswerQueue {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean isBusy;

    /** Runs {@code turn} once those before it are over, perhaps at once; who has it calls {@link #end}. */
    void enter(Runnable turn) {
        if (isBusy) {
            waiting.add(turn);
        } else {
            isBusy = true;
            turn.run();
        }
    }

    /** Takes back a turn that has not come yet. */
    void leave(Runnable turn) {
        waiting.remove(turn);
    }

    /** Ends the turn that is on. */
    void end() {
        Runnable next = waiting.poll();
        if (next == null) {
            isBusy = false;
        } else {
            next.run();
        }
    }
}
