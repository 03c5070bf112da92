package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.FdListener;
import io.ovl.dataplane.path.Readiness;

/**
 * Readiness of a worker's descriptors on its epoll loop.
 *
 * <p>Being readable needs no action here: the worker polls everything it has once its wait ends.
 *
 * <p>Thread: the worker.
 */
final class LoopReadiness implements Readiness {
    private final EpollLoop loop;
    private final FdListener listener = (isReadable, isDead) -> {};

    LoopReadiness(EpollLoop loop) {
        this.loop = loop;
    }

    @Override
    public void add(int fd) {
        if (fd >= 0) {
            loop.register(fd, listener);
        }
    }

    @Override
    public void remove(int fd) {
        if (fd >= 0) {
            loop.deregister(fd);
        }
    }
}
