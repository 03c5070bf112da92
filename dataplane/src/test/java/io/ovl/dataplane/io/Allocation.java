package io.ovl.dataplane.io;

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;

/** Measures what the calling thread allocates. */
final class Allocation {
    private static final int WARM_UP = 100_000;
    private static final int MEASURED = 10_000;

    private Allocation() {}

    /** Bytes that 10,000 runs of {@code body} allocate once the compiler has seen it often. */
    static long bytesOf(Runnable body) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(body, WARM_UP);
        // The measurement itself allocates a little the first time.
        threads.getCurrentThreadAllocatedBytes();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(body, MEASURED);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void repeat(Runnable body, int count) {
        for (int i = 0; i < count; i++) {
            body.run();
        }
    }
}
