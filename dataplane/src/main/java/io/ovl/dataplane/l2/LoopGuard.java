package io.ovl.dataplane.l2;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Notices a loop: a segment whose own frames come back to it.
 *
 * <p>Two signs count, both seen without sending anything: a frame whose source is the TAP's own address but that came
 * from a tunnel, and a frame of a MAC address that is held because it moved too often. {@link #SIGNS} of them within a
 * second are a loop; a duplicate or one forged frame is none. It is over when no sign has come for {@link #CLEAR_NS}.
 *
 * <p>Thread: any worker reports signs and asks; the conductor polls. Signs that two workers report at the same instant
 * may count as one, which delays the verdict by that sign.
 */
public final class LoopGuard {
    /** Signs within {@link #WINDOW_NS} that make a loop. */
    public static final int SIGNS = 6;

    static final long WINDOW_NS = 1_000_000_000L;

    /** Silence after which the loop is over. */
    static final long CLEAR_NS = 1_500_000_000L;

    /** What one flooded frame counts for against the flood limit during a loop. */
    static final int FLOOD_COST = 16;

    private static final long NEVER = Long.MIN_VALUE / 2;

    /** What {@link #poll} found since it was last asked. */
    public enum Change {
        NONE,
        BEGAN,
        ENDED
    }

    private final AtomicLong signCount = new AtomicLong();
    private volatile long windowStartNs = NEVER;
    private volatile long loopingUntilNs = NEVER;
    private boolean wasLooping;
    private long loopCount;

    /** A frame came back. */
    public void onSign(long nowNs) {
        if (nowNs - windowStartNs > WINDOW_NS) {
            windowStartNs = nowNs;
            signCount.set(0);
        }
        if (signCount.incrementAndGet() >= SIGNS || isLooping(nowNs)) {
            loopingUntilNs = nowNs + CLEAR_NS;
        }
    }

    public boolean isLooping(long nowNs) {
        return nowNs < loopingUntilNs;
    }

    /** Whether a loop began or ended since the last call: what is to be said, once. Conductor only. */
    public Change poll(long nowNs) {
        boolean isLooping = isLooping(nowNs);
        if (isLooping == wasLooping) {
            return Change.NONE;
        }
        wasLooping = isLooping;
        if (isLooping) {
            loopCount++;
            return Change.BEGAN;
        }
        return Change.ENDED;
    }

    /** How many loops {@link #poll} has found. */
    public long loopCount() {
        return loopCount;
    }
}
