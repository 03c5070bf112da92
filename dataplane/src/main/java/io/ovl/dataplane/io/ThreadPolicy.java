package io.ovl.dataplane.io;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * When the kernel's scheduler lets a thread run.
 *
 * <p>Thread: any.
 */
public final class ThreadPolicy {
    private static final int CALLING_THREAD = 0;
    private static final int SCHED_IDLE = 5;
    private static final int NO_PRIORITY = 0;

    private ThreadPolicy() {}

    /**
     * From now on the calling thread runs where no other wants to, and makes way at once for one that wakes up
     * (SCHED_IDLE, sched(7)). Nothing changes where that is not allowed.
     */
    public static void idle() {
        try (Arena arena = Arena.ofConfined()) {
            long parameters = arena.allocateFrom(ValueLayout.JAVA_INT, NO_PRIORITY).address();
            new LibC().schedSetscheduler(CALLING_THREAD, SCHED_IDLE, parameters);
        }
    }
}
