package io.ovl.dataplane.daemon;

import io.netty.channel.EventLoop;
import io.ovl.dataplane.control.SdNotify;

import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the conductor looks after once a second: that the socket file by which the daemon is reached is still there, and that the
 * service manager hears that the daemon is alive; and some chores.
 *
 * <p>Thread: the conductor.
 */
final class Housekeeping {
    private final BooleanSupplier isReachable;
    private final List<Runnable> chores;
    private final SdNotify notify;
    private final StopSignal stop;

    /**
     * @param chores what else is due each second
     */
    Housekeeping(
            BooleanSupplier isReachable, List<Runnable> chores, SdNotify notify, StopSignal stop) {
        this.isReachable = isReachable;
        this.chores = List.copyOf(chores);
        this.notify = notify;
        this.stop = stop;
    }

    /** Begins to look. Returns what ends it. */
    AutoCloseable schedule(EventLoop loop) {
        ScheduledFuture<?> looking =
                loop.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        return () -> looking.cancel(false);
    }

    private void look() {
        notify.watchdog();
        chores.forEach(Runnable::run);
        if (!isReachable.getAsBoolean()) {
            stop.stop("socket file deleted", 0);
        }
    }
}
