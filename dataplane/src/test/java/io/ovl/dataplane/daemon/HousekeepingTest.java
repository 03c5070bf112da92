package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An event loop whose time passes when the test says so. */
class HousekeepingTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StopSignal stop = new StopSignal();
    private boolean isReachable = true;
    private boolean isBroken;
    private final List<Throwable> errors = new ArrayList<>();
    private int choreCount;
    private int watchdogCount;

    @BeforeEach
    void stopTime() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        var _ = channel.close();
    }

    private AutoCloseable schedule(long watchdogPeriodMs) {
        return new Housekeeping(
                        () -> isReachable,
                        List.of(this::chore),
                        () -> watchdogCount++,
                        TimeUnit.MILLISECONDS.toNanos(watchdogPeriodMs),
                        stop,
                        errors::add)
                .schedule(channel.eventLoop());
    }

    private void chore() {
        choreCount++;
        if (isBroken) {
            throw new IllegalStateException("broken");
        }
    }

    private void pass(long durationMs) {
        for (long ms = 0; ms < durationMs; ms += 10) {
            channel.advanceTimeBy(10, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void shouldTellTheServiceManagerAsOftenAsItWantsToHear() {
        schedule(250);
        pass(10_000);
        assertThat(watchdogCount).isEqualTo(40);
        assertThat(choreCount).isEqualTo(10);
    }

    @Test
    void shouldTellNobodyWhoDoesNotWatch() {
        schedule(0);
        pass(10_000);
        assertThat(watchdogCount).isZero();
        assertThat(choreCount).isEqualTo(10);
    }

    @Test
    void shouldStopTheDaemonThatNobodyCanReach() {
        schedule(0);
        pass(1_000);
        assertThat(stop.isStopped()).isFalse();
        isReachable = false;
        pass(1_000);
        assertThat(stop.reason()).isEqualTo("socket file deleted");
        assertThat(stop.exitCode()).isZero();
    }

    @Test
    void shouldEndWhenItIsClosed() throws Exception {
        schedule(250).close();
        pass(10_000);
        assertThat(watchdogCount).isLessThanOrEqualTo(1);
        assertThat(choreCount).isZero();
        assertThat(errors).isEmpty();
    }

    @Test
    void shouldTellWhenAChoreBreaks() {
        schedule(250);
        pass(2_000);
        assertThat(errors).isEmpty();
        isBroken = true;
        pass(10_000);
        assertThat(errors).singleElement().asString().contains("broken");
        assertThat(choreCount).isEqualTo(3);
    }
}
