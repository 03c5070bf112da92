package io.ovl.dataplane.io;

import java.time.Instant;

/**
 * The two times the dataplane knows.
 *
 * <p>Thread: any.
 */
public interface Clock {
    /** Nanoseconds since boot, suspend included (CLOCK_BOOTTIME): sessions and timers. Never goes back. */
    long bootTimeNs();

    /** Wall clock time: TAI64N timestamps and display only. May jump either way. */
    Instant wallTime();
}
