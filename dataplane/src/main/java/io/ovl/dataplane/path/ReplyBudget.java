package io.ovl.dataplane.path;

/**
 * How many packets a worker may make itself in answer to others, in a second: an answer costs more than a drop.
 *
 * <p>Thread: its worker. Units: nanoseconds.
 */
final class ReplyBudget {
    private static final int REPLIES_PER_WINDOW = 100;
    private static final long WINDOW_NS = 1_000_000_000L;

    private long windowStartNs;
    private int leftInWindow;

    /** Whether there may be one more reply. */
    boolean hasLeft(long nowNs) {
        if (nowNs - windowStartNs >= WINDOW_NS) {
            windowStartNs = nowNs;
            leftInWindow = REPLIES_PER_WINDOW;
        }
        return leftInWindow > 0;
    }

    /** One has been made. */
    void spend() {
        leftInWindow--;
    }
}
