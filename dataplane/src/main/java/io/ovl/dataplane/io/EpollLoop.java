package io.ovl.dataplane.io;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An agent's wait for its file descriptors: Netty's native epoll loop, one iteration for each call of {@link #run}.
 *
 * <p>Level-triggered: what a listener leaves unread is reported again in the next iteration. An iteration allocates
 * nothing once the compiler has seen it often; before, Netty's part does (40 bytes).
 *
 * <p>Thread: the owner, which {@link #takeOwnership} names; {@link #wakeup} and {@link #eventLoop} any. Ownership: file
 * descriptors stay their owners'; deregister before closing one.
 */
public final class EpollLoop implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;

    private final LibC libc = new LibC();
    private final ManualIoEventLoop eventLoop =
            new ManualIoEventLoop((Thread) null, EpollIoHandler.newFactory());
    private final IntObjectHashMap<FdHandle> handles = new IntObjectHashMap<>();
    private final AtomicBoolean isWakeupPending = new AtomicBoolean();
    private final Runnable wakeupTask = this::onWakeup;

    /** Makes the calling thread the owner; once, before anything else. */
    public void takeOwnership() {
        eventLoop.setOwningThread(Thread.currentThread());
    }

    /** Watches {@code fd} until it is deregistered or reports an error. */
    public void register(int fd, FdListener listener) {
        FdHandle handle = new FdHandle(fd, listener);
        if (handles.putIfAbsent(fd, handle) != null) {
            throw new IllegalStateException("fd " + fd + " is registered already");
        }
        handle.registration = eventLoop.register(handle).syncUninterruptibly().getNow();
        handle.registration.submit(EpollIoOps.EPOLLIN);
    }

    /** Stops watching {@code fd}; without effect when it is not watched any more. */
    public void deregister(int fd) {
        FdHandle handle = handles.remove(fd);
        if (handle != null && handle.registration != null) {
            handle.registration.cancel();
        }
    }

    /**
     * Runs one iteration: waits until a descriptor is ready, a task is due or someone calls {@link #wakeup}, then tells
     * the listeners.
     *
     * @param maxWaitNs longest wait; 0 to look and return at once
     * @return how much was done, 0 when nothing was
     */
    public int run(long maxWaitNs) {
        return maxWaitNs <= 0 ? eventLoop.runNow() : eventLoop.run(maxWaitNs);
    }

    /** Ends the wait of the iteration that runs, or of the next. */
    public void wakeup() {
        // Netty's own wakeup is lost on a loop that does not wait yet; a task never is.
        if (isWakeupPending.compareAndSet(false, true)) {
            eventLoop.execute(wakeupTask);
        }
    }

    private void onWakeup() {
        isWakeupPending.set(false);
    }

    /** For channels of the control servers: they run inside {@link #run}. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Closes the channels on this loop and the epoll descriptor. Idempotent. */
    @Override
    public void close() {
        Future<?> terminated = eventLoop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        while (!terminated.isDone()) {
            eventLoop.runNow();
        }
    }

    /** A socket clears its error by being asked for it and lives on; a device has no such thing and is gone. */
    private boolean isDead(int fd) {
        return libc.intOption(fd, SOL_SOCKET, SO_ERROR) == -Errno.ENOTSOCK;
    }

    private final class FdHandle implements EpollIoHandle {
        private static final int EPOLLIN = 0x1;
        private static final int EPOLLERR = 0x8;
        private static final int EPOLLHUP = 0x10;

        private final FileDescriptor fd;
        private final FdListener listener;
        private @Nullable IoRegistration registration;

        FdHandle(int fd, FdListener listener) {
            this.fd = new FileDescriptor(fd);
            this.listener = listener;
        }

        @Override
        public FileDescriptor fd() {
            return fd;
        }

        @Override
        public void handle(IoRegistration source, IoEvent event) {
            int ready = ((EpollIoEvent) event).ops().value();
            boolean isReadable = (ready & EPOLLIN) != 0;
            if ((ready & (EPOLLERR | EPOLLHUP)) != 0 && !isReadable && isDead(fd.intValue())) {
                deregister(fd.intValue());
                listener.onReady(false, true);
            } else if (isReadable) {
                listener.onReady(true, false);
            }
        }

        @Override
        public void close() {
            // The descriptor belongs to whoever registered it.
        }
    }
}
