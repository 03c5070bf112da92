package io.ovl.dataplane.control;

import io.ovl.dataplane.path.WorkerProxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the conductor does once no worker can hold anything older: each has done all commands that it was given before.
 *
 * <p>Thread: the conductor.
 */
final class WorkerFences {
    private record Fence(AtomicInteger remaining, Runnable action) {}

    private final List<WorkerProxy> workers;
    private final Queue<Fence> fences = new ArrayDeque<>();

    WorkerFences(List<WorkerProxy> workers) {
        this.workers = List.copyOf(workers);
    }

    /** Does something after all that the workers were told until now. */
    void after(Runnable action) {
        Fence fence = new Fence(new AtomicInteger(workers.size()), action);
        fences.add(fence);
        for (WorkerProxy worker : workers) {
            worker.fence(fence.remaining::decrementAndGet);
        }
    }

    boolean isWaiting() {
        return !fences.isEmpty();
    }

    /** Does what is due, in the order in which it was asked for. Returns how much. */
    int poll() {
        int count = 0;
        while (!fences.isEmpty() && fences.element().remaining.get() == 0) {
            fences.remove().action.run();
            count++;
        }
        return count;
    }

    /** Does the rest: the workers have stopped. */
    void close() {
        for (Fence fence : new ArrayList<>(fences)) {
            fence.action.run();
        }
        fences.clear();
    }
}
