package io.ovl.dataplane.control;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Devices and sockets that nothing is configured for any more, but that workers may still use: they are closed when no
 * worker does, unless they are wanted again before that. Opening a second one beside them would fail.
 *
 * <p>Thread: the conductor. Ownership: owns what is retired, until it is reclaimed.
 */
final class RetiredResources<K, R> {
    private final WorkerFences fences;
    private final Consumer<R> closer;
    private final Map<K, Retirement<R>> retired = new HashMap<>();

    /**
     * Compared by identity: a resource that was wanted again and then given up again is retired anew, and waits anew.
     */
    private static final class Retirement<R> {
        private final R resource;

        Retirement(R resource) {
            this.resource = resource;
        }
    }

    RetiredResources(WorkerFences fences, Consumer<R> closer) {
        this.fences = fences;
        this.closer = closer;
    }

    /** Closes it after all that the workers were told until now. */
    void retire(K key, R resource) {
        Retirement<R> retirement = new Retirement<>(resource);
        retired.put(key, retirement);
        fences.after(
                () -> {
                    if (retired.remove(key, retirement)) {
                        closer.accept(resource);
                    }
                });
    }

    /** What is retired and not closed yet. */
    List<R> all() {
        return retired.values().stream().map(retirement -> retirement.resource).toList();
    }

    /** Takes back what was retired under that key and is still open; null when there is none. */
    @Nullable R reclaim(K key) {
        Retirement<R> retirement = retired.remove(key);
        return retirement == null ? null : retirement.resource;
    }
}
