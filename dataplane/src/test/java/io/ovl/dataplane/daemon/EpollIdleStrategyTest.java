package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.io.EpollLoop;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpollIdleStrategyTest {
    private static final long FOREVER_NS = 3_600_000_000_000L;

    private final EpollLoop loop = new EpollLoop();

    /** How often it was about to wait. */
    private int waits;

    @BeforeEach
    void takeOwnership() {
        loop.takeOwnership();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private EpollIdleStrategy strategy(long busyPollNs) {
        return new EpollIdleStrategy(loop, this::noteWait, 64, busyPollNs);
    }

    private long noteWait() {
        waits++;
        return 0;
    }

    private static void idle(EpollIdleStrategy strategy, int... work) {
        for (int count : work) {
            strategy.idle(count);
        }
    }

    @Test
    void shouldWaitWhenThereIsNothingToDo() {
        idle(strategy(0), 1, 1, 0, 1, 0, 0);
        assertThat(waits).isEqualTo(3);
    }

    @Test
    void shouldGoOnForAWhileAfterWork() {
        idle(strategy(FOREVER_NS), 1, 0, 0, 1, 0, 0);
        assertThat(waits).isZero();
    }

    @Test
    void shouldWaitOnceTheWhileIsOver() {
        EpollIdleStrategy strategy = strategy(1);
        idle(strategy, 1);
        for (int i = 0; i < 1_000_000 && waits == 0; i++) {
            idle(strategy, 0);
        }
        assertThat(waits).isEqualTo(1);
    }

    @Test
    void shouldWaitBeforeThereIsWork() {
        idle(strategy(FOREVER_NS), 0);
        assertThat(waits).isEqualTo(1);
    }
}
