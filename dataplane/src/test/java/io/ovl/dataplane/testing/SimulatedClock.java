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

    SimulatedClock(ManualClock shared) {
        this.shared = shared;
    }

    @Override
    public long bootTimeNs() {
        return shared.bootTimeNs();
    }

    @Override
    public Instant wallTime() {
        return shared.wallTime().plusNanos(wallOffsetNs);
    }

    void jumpWallTime(long differenceNs) {
        wallOffsetNs += differenceNs;
    }
}
