package io.ovl.dataplane.daemon;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.ovl.dataplane.control.DeviceControl;
import io.ovl.dataplane.control.Refusals;
import io.ovl.dataplane.control.SegmentControl;

import java.util.concurrent.ExecutionException;

/**
 * Has the conductor do something on its own thread, and waits for that.
 *
 * <p>Thread: the main thread. Errors: whatever the conductor throws comes as {@link DaemonException} with its message
 * and exit code.
 */
record ConductorAccess(EventLoop loop, DeviceControl control, SegmentControl segments) {
    /** What the conductor is to do. */
    @FunctionalInterface
    interface Task<T> {
        T run(DeviceControl control) throws Exception;
    }

    <T> T call(Task<T> task) throws DaemonException, InterruptedException {
        try {
            return loop.submit(() -> task.run(control)).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause == null
                    ? new DaemonException(e.toString())
                    : new DaemonException(
                            String.valueOf(cause.getMessage()),
                            Refusals.exitCode(cause),
                            Refusals.setting(cause));
        }
    }

    /** Waits for something that the conductor was asked for before. */
    static void await(Future<?> future) throws DaemonException, InterruptedException {
        if (!future.await().isSuccess()) {
            throw new DaemonException(String.valueOf(future.cause().getMessage()));
        }
    }
}
