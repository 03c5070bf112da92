package io.ovl.dataplane.testing;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/** Measures what the calling thread allocates. */
public final class Allocation {
    private static final long LIMIT_NS = 60_000_000_000L;

    private Allocation() {}

    /**
     * Bytes that {@code round}, many runs of the same code, allocates once the compiler has done with it. When that is
     * depends on what else the machine does, so rounds are run until one allocates nothing, for a minute at most; of
     * those the least counts.
     */
    public static long bytesOf(Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long startNs = System.nanoTime();
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() - startNs < LIMIT_NS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            round.run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** As {@link #bytesOf(Runnable)}, of {@code count} runs in a round. */
    public static long bytesOf(int count, Runnable run) {
        return bytesOf(
                () -> {
                    for (int i = 0; i < count; i++) {
                        run.run();
                    }
                });
    }
}
