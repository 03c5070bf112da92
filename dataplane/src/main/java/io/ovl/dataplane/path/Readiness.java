package io.ovl.dataplane.path;

/**
 * What an idle worker waits for.
 *
 * <p>Thread: the worker.
 */
public interface Readiness {
    /** Ends waits when the file descriptor is readable; -1 is ignored. */
    void add(int fd);

    /** Waits for the file descriptor no more; to be called before it is closed. -1 is ignored. */
    void remove(int fd);
}
