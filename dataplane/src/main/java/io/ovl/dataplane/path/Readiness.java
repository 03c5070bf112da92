package io.ovl.dataplane.path;

/**
 * What an idle worker waits for.
 *
 * <p>Thread: the worker.
 */
public interface Readiness {
    /** Of a worker that never waits. */
    Readiness NONE =
            new Readiness() {
                @Override
                public void add(int fd) {}

                @Override
                public void remove(int fd) {}
            };

    /** Ends waits when the file descriptor is readable; -1 is ignored. */
    void add(int fd);

    /** Waits for the file descriptor no more; to be called before it is closed. -1 is ignored. */
    void remove(int fd);
}
