package io.ovl.dataplane.control;

import io.ovl.config.ctl.FdbEventReport;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Those who want to know what happens in the forwarding database.
 *
 * <p>Thread: the conductor.
 */
final class FdbWatchers {
    private record Watcher(Predicate<FdbEventReport> filter, Consumer<FdbEventReport> consumer) {}

    private final List<Watcher> watchers = new ArrayList<>();

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    /** Adds one; the result takes it away again. */
    Runnable add(Predicate<FdbEventReport> filter, Consumer<FdbEventReport> consumer) {
        Watcher watcher = new Watcher(filter, consumer);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void tell(FdbEventReport event) {
        for (Watcher watcher : List.copyOf(watchers)) {
            if (watcher.filter.test(event)) {
                watcher.consumer.accept(event);
            }
        }
    }
}
