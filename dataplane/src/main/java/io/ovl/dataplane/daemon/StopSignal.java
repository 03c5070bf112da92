package io.ovl.dataplane.daemon;

import java.util.concurrent.CountDownLatch;

/**
 * Why and when the daemon ends; the first reason counts.
 *
 * <p>Thread: any.
 */
final class StopSignal {
    private final CountDownLatch latch = new CountDownLatch(1);
    private String reason = "";
    private int exitCode;

    /** Ends the daemon. */
    synchronized void stop(String why, int code) {
        if (latch.getCount() > 0) {
            reason = why;
            exitCode = code;
            latch.countDown();
        }
    }

    void await() throws InterruptedException {
        latch.await();
    }

    synchronized String reason() {
        return reason;
    }

    synchronized int exitCode() {
        return exitCode;
    }
}
