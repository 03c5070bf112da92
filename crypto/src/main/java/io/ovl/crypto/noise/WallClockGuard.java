package io.ovl.crypto.noise;

import java.time.Duration;
import java.time.Instant;

/**
 * Tells a wall clock that has jumped far into the future: one initiation stamped with such a time would make the
 * responder refuse this host until that time has really come (CVE-2021-46873).
 *
 * <p>Thread: any; immutable. Units: {@code nowNs} is boot time.
 */
public final class WallClockGuard {
    /** How far the wall clock may run ahead of start time plus boot time. */
    public static final Duration MAX_AHEAD = Duration.ofHours(24);

    private final Instant startWall;
    private final long startNs;

    public WallClockGuard(Instant startWall, long startNs) {
        this.startWall = startWall;
        this.startNs = startNs;
    }

    /**
     * Whether {@code wall} may be stamped on an initiation. A clock that went back is harmless: labels still increase.
     */
    public boolean isPlausible(Instant wall, long nowNs) {
        return !wall.isAfter(startWall.plusNanos(nowNs - startNs).plus(MAX_AHEAD));
    }
}
