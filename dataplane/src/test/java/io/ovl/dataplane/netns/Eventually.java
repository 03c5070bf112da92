package io.ovl.dataplane.netns;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that other processes bring about. */
final class Eventually {
    private static final long POLL_NS = 20_000_000;

    /** Far beyond what anything takes, so that a busy machine fails no test. */
    private static final long GENEROUS_LIMIT_MS = 30_000;

    private Eventually() {}

    static boolean comesTrue(BooleanSupplier condition) {
        return within(GENEROUS_LIMIT_MS, condition);
    }

    /** Whether the condition came true in time. */
    static boolean within(long limitMs, BooleanSupplier condition) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > limitMs * 1_000_000) {
                return false;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        return true;
    }

    /** Lets time pass, for things that shall not happen. */
    static void pause(long ms) {
        within(ms, () -> false);
    }
}
