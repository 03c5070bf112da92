package io.ovl.dataplane.testing;

import io.ovl.dataplane.io.Clock;

import java.time.Instant;

/**
 * One host's view of the simulation's time: the boot time is everyone's, the wall clock may be set.
 *
 * <p>Thread: the simulation's.
 */
final class SimulatedClock implements Clock {
    private final ManualClock shared;
    private long wallOffsetNs;
    private long lagNs;

    SimulatedClock(ManualClock shared) {
        this.shared = shared;
    }

    @Override
    public long bootTimeNs() {
        return shared.bootTimeNs() - lagNs;
    }

    @Override
    public Instant wallTime() {
        return shared.wallTime().plusNanos(wallOffsetNs);
    }

    /** Tells the time of a moment ago, as a thread does that read the clock and then had to wait for its turn. */
    void lagNs(long value) {
        lagNs = value;
    }

    void jumpWallTime(long differenceNs) {
        wallOffsetNs += differenceNs;
    }
}
