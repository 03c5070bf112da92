package io.ovl.crypto.noise;

import java.time.Instant;

/**
 * The time stamps of one peer's initiations, each greater than all before it even when the wall clock steps back.
 *
 * <p>A responder refuses every initiation that is not newer than the newest it has seen, for as long as it lives; a
 * clock that stepped back would lock this peer out until it had caught up. So a source is to live as long as the
 * process, also when the peer is removed and added again.
 *
 * <p>It does not outlive the process, as it does not in the kernel: a host that starts with a clock behind its former
 * time stamps can be connected to, but connects only once the clock has been set. To keep the latest in a file would
 * mend that at the price of making the opposite mistake permanent, a clock that was once set far ahead: every start
 * from then on would send stamps of that future, and each peer that accepts one refuses the host should the file ever
 * be lost (CVE-2021-46873).
 *
 * <p>Thread: one owner.
 */
public final class TimestampSource {
    private Tai64n latest = new Tai64n(0, 0);

    /** The label of {@code wall}, or the next one above the latest when the clock is not past that. */
    public Tai64n next(Instant wall) {
        Tai64n now = Tai64n.of(wall);
        latest = now.compareTo(latest) > 0 ? now : latest.next();
        return latest;
    }
}
