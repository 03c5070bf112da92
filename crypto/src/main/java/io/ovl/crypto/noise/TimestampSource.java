package io.ovl.crypto.noise;

import java.time.Instant;

/**
 * The time stamps of one peer's initiations, each greater than all before it even when the wall clock steps back.
 *
 * <p>A responder refuses every initiation that is not newer than the newest it has seen, for as long as it lives; a clock that
 * stepped back would lock this peer out until it had caught up.
 *
 * <p>Thread: one owner.
 */
public final class TimestampSource {
    private Tai64n latest;

    public TimestampSource() {
        this(new Tai64n(0, 0));
    }

    /** Starts above a label that an earlier process has kept. */
    public TimestampSource(Tai64n highWaterMark) {
        latest = highWaterMark;
    }

    /** The label of {@code wall}, or the next one above the latest when the clock is not past that. */
    public Tai64n next(Instant wall) {
        Tai64n now = Tai64n.of(wall);
        latest = now.compareTo(latest) > 0 ? now : latest.next();
        return latest;
    }

    /** The greatest label handed out so far: what to keep for {@link #TimestampSource(Tai64n)}. */
    public Tai64n latest() {
        return latest;
    }
}
