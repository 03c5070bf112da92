package io.ovl.dataplane.io;

/**
 * How much the kernel's scheduler gives a thread.
 *
 * <p>Thread: any.
 */
public final class ThreadNice {
    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;
    private static final int LOWEST = 19;

    private ThreadNice() {}

    /** From now on the calling thread gets next to nothing while others want the processor. See setpriority(2): on Linux it is a thread's. */
    public static void lowest() {
        // Lowering is always allowed.
        new LibC().setpriority(PRIO_PROCESS, CALLING_THREAD, LOWEST);
    }
}
