package io.ovl.dataplane.stats;

import io.ovl.config.ctl.CountersFile;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

/**
 * One worker's counters in the published counters file.
 *
 * <p>Thread: one writer, the worker; any process reads. Units: packets as they are on the wire, unless the counter says
 * otherwise.
 */
public final class WorkerCounters {
    /** Type id of any other worker counter. */
    public static final int WORKER_TYPE_ID = 2;

    private final AtomicCounter[] drops;
    private final AtomicCounter[] counters;

    public WorkerCounters(CountersManager manager, int workerIndex) {
        String prefix = "worker " + workerIndex + ": ";
        DropReason[] reasons = DropReason.values();
        drops = new AtomicCounter[reasons.length];
        for (DropReason reason : reasons) {
            drops[reason.ordinal()] =
                    manager.newCounter(prefix + "drop " + reason.name(), CountersFile.DROP_TYPE_ID);
        }
        WorkerCounter[] others = WorkerCounter.values();
        counters = new AtomicCounter[others.length];
        for (WorkerCounter counter : others) {
            counters[counter.ordinal()] =
                    manager.newCounter(prefix + counter.label(), WORKER_TYPE_ID);
        }
    }

    /** Counts one dropped packet. */
    public void drop(DropReason reason) {
        drops[reason.ordinal()].incrementPlain();
    }

    /** Counts {@code count} packets dropped together. */
    public void drop(DropReason reason, int count) {
        drops[reason.ordinal()].getAndAddPlain(count);
    }

    public void add(WorkerCounter counter, long amount) {
        counters[counter.ordinal()].getAndAddPlain(amount);
    }

    public long dropped(DropReason reason) {
        return drops[reason.ordinal()].get();
    }

    public long value(WorkerCounter counter) {
        return counters[counter.ordinal()].get();
    }
}
