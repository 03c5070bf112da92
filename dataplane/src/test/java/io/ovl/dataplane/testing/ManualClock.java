package io.ovl.dataplane.testing;

import io.ovl.dataplane.io.Clock;

import java.time.Instant;

/**
 * Time that passes when it is told to.
 *
 * <p>Thread: the test's.
 */
public final class ManualClock implements Clock {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private long bootTimeNs;
    private long wallOffsetNs;

    public ManualClock(long bootTimeNs) {
        this.bootTimeNs = bootTimeNs;
    }

    @Override
    public long bootTimeNs() {
        return bootTimeNs;
    }

    /** Starts at 2026-01-01 UTC and passes with the boot time, but for {@link #jumpWallTime}. */
    @Override
    public Instant wallTime() {
        return START.plusNanos(bootTimeNs + wallOffsetNs);
    }

    public void advance(long durationNs) {
        if (durationNs < 0) {
            throw new IllegalArgumentException("time does not go back: " + durationNs);
        }
        bootTimeNs += durationNs;
    }

    /** Goes on to that moment; without effect when it has passed. */
    public void advanceTo(long nowNs) {
        bootTimeNs = Math.max(bootTimeNs, nowNs);
    }

    /** Sets the wall clock forward, or back when negative, without time passing. */
    public void jumpWallTime(long differenceNs) {
        wallOffsetNs += differenceNs;
    }
}
