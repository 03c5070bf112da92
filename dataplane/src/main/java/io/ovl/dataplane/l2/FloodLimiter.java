package io.ovl.dataplane.l2;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Token bucket for flooded frames that holds {@link #BURST_NS} worth of them, and at least {@link #MIN_BURST}.
 *
 * <p>Kept as the time at which the bucket will be full again, which is one number: a frame moves it on by its share,
 * and is over the limit when that would lie more than the burst ahead.
 *
 * <p>Thread: any; a compare-and-set per call, and only flooded frames call.
 */
public final class FloodLimiter {
    /** Short, so that a storm is cut at once; long enough for a few hundred frames at the default rate. */
    static final long BURST_NS = 100_000_000L;

    /** So that a handful of ARP requests passes at once under the lowest of limits. */
    static final int MIN_BURST = 10;

    private static final long SECOND_NS = 1_000_000_000L;

    private final AtomicLong fullNs = new AtomicLong(Long.MIN_VALUE / 2);
    private volatile long intervalNs;

    /** @param framesPerSecond 0 for no limit */
    public FloodLimiter(int framesPerSecond) {
        framesPerSecond(framesPerSecond);
    }

    /** Changes the rate, 0 for no limit. */
    public void framesPerSecond(int value) {
        intervalNs = value == 0 ? 0 : Math.max(1, SECOND_NS / value);
    }

    /**
     * Takes {@code count} frames' tokens, all or none. A count beyond the burst passes when the bucket is full, and is
     * owed.
     */
    public boolean tryAcquire(int count, long nowNs) {
        long interval = intervalNs;
        if (interval == 0) {
            return true;
        }
        long share = count * interval;
        long burst = Math.max(BURST_NS, MIN_BURST * interval);
        while (true) {
            long full = fullNs.get();
            long start = Math.max(full, nowNs);
            if (start > nowNs && start + share - nowNs > burst) {
                return false;
            }
            if (fullNs.compareAndSet(full, start + share)) {
                return true;
            }
        }
    }
}
