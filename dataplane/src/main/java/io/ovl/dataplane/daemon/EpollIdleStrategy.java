package io.ovl.dataplane.daemon;

import io.ovl.dataplane.io.EpollLoop;

import org.agrona.concurrent.IdleStrategy;

import java.util.function.LongSupplier;

/**
 * Waits in epoll while an agent has nothing to do.
 *
 * <p>A busy agent polls its descriptors itself; the loop then only runs now and then, for errors and for the channels on it.
 *
 * <p>Thread: the agent's.
 */
final class EpollIdleStrategy implements IdleStrategy {
    private final EpollLoop loop;
    private final LongSupplier maxWaitNs;
    private final int busyCyclesPerRun;
    private int busyCycles;

    /**
     * @param maxWaitNs how long to wait at most, asked before each wait
     * @param busyCyclesPerRun how many cycles with work the agent does before the loop runs once without waiting
     */
    EpollIdleStrategy(EpollLoop loop, LongSupplier maxWaitNs, int busyCyclesPerRun) {
        this.loop = loop;
        this.maxWaitNs = maxWaitNs;
        this.busyCyclesPerRun = busyCyclesPerRun;
    }

    @Override
    public void idle(int workCount) {
        if (workCount <= 0) {
            idle();
        } else if (++busyCycles >= busyCyclesPerRun) {
            busyCycles = 0;
            loop.run(0);
        }
    }

    @Override
    public void idle() {
        loop.run(maxWaitNs.getAsLong());
    }

    @Override
    public void reset() {}
}
