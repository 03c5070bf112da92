package io.ovl.crypto.noise;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.time.Instant;

/**
 * A TAI64N label: the time stamp that makes every initiation of a peer greater than the one before.
 *
 * <p>Thread: any; immutable.
 *
 * <p>Wire: 8 bytes of seconds since 1970 TAI plus 2^62, 4 bytes of nanoseconds, both big-endian (WireGuard whitepaper
 * §5.1).
 *
 * <p>Deviation: as in the kernel, TAI is UTC plus ten seconds without leap seconds: only the order of labels matters.
 *
 * @param seconds the label, 2^62 and the ten seconds included; unsigned
 * @param nanoseconds below 10^9 in every label made here; a peer's may hold any 32 bits, so it compares unsigned
 */
public record Tai64n(long seconds, int nanoseconds) implements Comparable<Tai64n> {
    public static final int LENGTH = 12;

    private static final long UNIX_EPOCH = (1L << 62) + 10;
    private static final int NANOSECONDS_PER_SECOND = 1_000_000_000;

    /** The largest power of two that still lets a peer send its fifty initiations a second. */
    private static final int GRANULARITY = 1 << 24;

    /** The label of {@code wall}, rounded down to 2^24 ns so that it does not tell a stranger the exact clock. */
    public static Tai64n of(Instant wall) {
        return new Tai64n(UNIX_EPOCH + wall.getEpochSecond(), wall.getNano() & -GRANULARITY);
    }

    /** Reads the 12 bytes at {@code offset}. */
    public static Tai64n read(DirectBuffer buffer, int offset) {
        return new Tai64n(
                buffer.getLong(offset, ByteOrder.BIG_ENDIAN),
                buffer.getInt(offset + 8, ByteOrder.BIG_ENDIAN));
    }

    /** Writes 12 bytes at {@code offset}. */
    public void write(MutableDirectBuffer buffer, int offset) {
        buffer.putLong(offset, seconds, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + 8, nanoseconds, ByteOrder.BIG_ENDIAN);
    }

    /** The least label of this granularity that is greater than this one. */
    Tai64n next() {
        int next = (nanoseconds & -GRANULARITY) + GRANULARITY;
        return next < NANOSECONDS_PER_SECOND
                ? new Tai64n(seconds, next)
                : new Tai64n(seconds + 1, 0);
    }

    /** Unsigned, as the bytes on the wire compare. */
    @Override
    public int compareTo(Tai64n other) {
        int bySeconds = Long.compareUnsigned(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compareUnsigned(nanoseconds, other.nanoseconds);
    }
}
