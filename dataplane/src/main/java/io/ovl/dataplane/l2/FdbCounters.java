package io.ovl.dataplane.l2;

/**
 * How often each {@link FdbEvent} has happened.
 *
 * <p>Thread: the conductor.
 */
@SuppressWarnings("EnumOrdinal") // the index of an array that lives no longer than the process
public final class FdbCounters {
    private final long[] counts = new long[FdbEvent.values().length];

    FdbCounters() {}

    void increment(FdbEvent event) {
        counts[event.ordinal()]++;
    }

    public long count(FdbEvent event) {
        return counts[event.ordinal()];
    }
}
