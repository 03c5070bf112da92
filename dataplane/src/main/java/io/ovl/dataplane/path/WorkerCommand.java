package io.ovl.dataplane.path;

/**
 * Something the conductor has a worker do.
 *
 * <p>Thread: built by the conductor, executed by the worker.
 */
@FunctionalInterface
interface WorkerCommand {
    void execute(Worker worker);
}
