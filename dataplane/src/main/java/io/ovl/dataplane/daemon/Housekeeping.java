package io.ovl.dataplane.daemon;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the conductor looks after once a second: that the socket file by which the daemon is reached is still there, and
 * some chores; and as often as the service manager wants to hear it, that the daemon is alive.
 *
 * <p>Thread: the conductor.
 */
final class Housekeeping {
    private final BooleanSupplier isReachable;
    private final List<Runnable> chores;
    private final Runnable watchdog;
    private final long watchdogPeriodNs;
    private final StopSignal stop;
    private final Consumer<Throwable> onBroken;

    /**
     * @param chores what else is due each second
     * @param watchdog tells the service manager
     * @param watchdogPeriodNs how often; 0: never
     * @param onBroken takes whatever a chore throws, after which none is done any more
     */
    Housekeeping(
            BooleanSupplier isReachable,
            List<Runnable> chores,
            Runnable watchdog,
            long watchdogPeriodNs,
            StopSignal stop,
            Consumer<Throwable> onBroken) {
        this.isReachable = isReachable;
        this.chores = List.copyOf(chores);
        this.watchdog = watchdog;
        this.watchdogPeriodNs = watchdogPeriodNs;
        this.stop = stop;
        this.onBroken = onBroken;
    }

    /** Begins to look. Returns what ends it. */
    AutoCloseable schedule(EventLoop loop) {
        ScheduledFuture<?> looking =
                loop.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        ScheduledFuture<?> telling =
                watchdogPeriodNs == 0
                        ? looking
                        : loop.scheduleWithFixedDelay(
                                watchdog, 0, watchdogPeriodNs, TimeUnit.NANOSECONDS);
        looking.addListener(this::onEnd);
        return () -> {
            looking.cancel(false);
            telling.cancel(false);
        };
    }

    /** The loop keeps to itself what a task throws, and does not repeat it. */
    private void onEnd(Future<?> looking) {
        if (!looking.isCancelled()) {
            onBroken.accept(looking.cause());
        }
    }

    private void look() {
        chores.forEach(Runnable::run);
        if (!isReachable.getAsBoolean()) {
            stop.stop("socket file deleted", 0);
        }
    }
}
