package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.EpollLoop;

import org.agrona.concurrent.IdleStrategy;

import java.util.function.LongSupplier;

/**
 * Waits in epoll while an agent has nothing to do.
 *
 * <p>A busy agent polls its descriptors itself; the loop then only runs now and then, for errors and for the channels
 * on it. It may be told to go on polling for a while before it waits: what comes within that time finds it awake, at
 * the price of the processor.
 *
 * <p>Thread: the agent's.
 */
final class EpollIdleStrategy implements IdleStrategy {
    private final EpollLoop loop;
    private final LongSupplier maxWaitNs;
    private final int busyCyclesPerRun;
    private final long busyPollNs;
    private int busyCycles;
    private boolean hasWorked;
    private long pollEndNs = System.nanoTime();

    /**
     * @param maxWaitNs how long to wait at most, asked before each wait
     * @param busyCyclesPerRun how many cycles with work the agent does before the loop runs once without waiting
     * @param busyPollNs how long to go on after the last cycle with work; 0 to wait at once
     */
    EpollIdleStrategy(
            EpollLoop loop, LongSupplier maxWaitNs, int busyCyclesPerRun, long busyPollNs) {
        this.loop = loop;
        this.maxWaitNs = maxWaitNs;
        this.busyCyclesPerRun = busyCyclesPerRun;
        this.busyPollNs = busyPollNs;
    }

    @Override
    public void idle(int workCount) {
        if (workCount > 0) {
            hasWorked = true;
            if (++busyCycles >= busyCyclesPerRun) {
                busyCycles = 0;
                loop.run(0);
            }
        } else if (busyPollNs == 0 || !isTooSoonToWait()) {
            idle();
        } else {
            Thread.onSpinWait();
        }
    }

    private boolean isTooSoonToWait() {
        long nowNs = System.nanoTime();
        if (hasWorked) {
            hasWorked = false;
            pollEndNs = nowNs + busyPollNs;
        }
        return nowNs - pollEndNs < 0;
    }

    @Override
    public void idle() {
        loop.run(maxWaitNs.getAsLong());
    }

    @Override
    public void reset() {}
}
