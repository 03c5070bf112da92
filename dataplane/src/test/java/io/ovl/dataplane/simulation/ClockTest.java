package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedPeer;

import org.junit.jupiter.api.Test;

/** Clocks that are set, or stand still, while a tunnel is in use. */
class ClockTest extends SimulationTest {
    private static final long YEAR = 365 * 24 * HOUR;

    private void sendBothWays(int seconds) {
        simulation.every(
                SECOND,
                seconds,
                () -> {
                    alice.send(bob, 1);
                    bob.send(alice, 2);
                });
        simulation.run((seconds + 10) * SECOND);
    }

    @Test
    void shouldLoseNothingWhenWallClockOfInitiatorGoesBack() {
        establish();
        simulation.after(50 * SECOND, () -> alice.jumpWallTime(-HOUR));

        sendBothWays(600);

        assertThat(bob.takeDelivered()).hasSize(600);
        assertThat(alice.takeDelivered()).hasSize(600);
        assertThat(alice.conductorCounters().initiationsSent()).isEqualTo(1 + 600 / 120);
    }

    @Test
    void shouldConnectPeerThatIsAddedAgainAfterWallClockWentBack() {
        establish();
        simulation.run(10 * SECOND);
        alice.apply(SimulatedPeer.of(bob).removal());
        alice.jumpWallTime(-HOUR);
        alice.apply(SimulatedPeer.of(bob));

        alice.send(bob, 1);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldLoseNothingWhenWallClocksGoForwardByYear() {
        establish();
        simulation.after(50 * SECOND, () -> alice.jumpWallTime(YEAR));

        sendBothWays(600);

        // Alice may not stamp an initiation with that time; Bob takes over when the session ends.
        assertThat(bob.takeDelivered()).hasSize(600);
        assertThat(alice.takeDelivered()).hasSize(600);
        assertThat(alice.conductorCounters().initiationsSent()).isEqualTo(1);
        assertThat(bob.conductorCounters().initiationsSent()).isPositive();
    }

    @Test
    void shouldConnectAgainAfterWallClockWasAheadForWhile() {
        establish();
        alice.jumpWallTime(YEAR);
        bob.jumpWallTime(YEAR);
        sendBothWays(400);
        assertThat(bob.takeDelivered()).hasSizeLessThan(400);
        alice.jumpWallTime(-YEAR);
        bob.jumpWallTime(-YEAR);
        simulation.run(6 * SECOND);
        bob.takeDelivered();
        alice.takeDelivered();

        sendBothWays(60);

        assertThat(bob.takeDelivered()).hasSize(60);
        assertThat(alice.takeDelivered()).hasSize(60);
    }

    @Test
    void shouldConnectAtOnceAfterLongSuspend() {
        establish();
        simulation.run(30 * SECOND);
        simulation.network().faults(NetworkFaults.NONE.withDelay(50 * MILLISECOND, 0));
        // Neither host has done anything for an hour: everything is due at once.
        simulation.clock().advance(HOUR);

        alice.send(bob, 1);
        simulation.run(200 * MILLISECOND);

        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(alice.tables().sessions().size()).isEqualTo(1);
        assertThat(bob.tables().sessions().size()).isEqualTo(1);
    }

    @Test
    void shouldConnectSoonWhenOneHostWasSuspendedAmidTraffic() {
        establish();
        simulation.every(SECOND, 9 * 60, () -> bob.send(alice, 2));
        simulation.suspend(alice);
        simulation.run(9 * MINUTE);
        simulation.resume(alice);
        simulation.settle();
        alice.takeDelivered();
        assertThat(alice.unaccountedInbound()).isZero();

        // What waited in Alice's socket are initiations of the past, the oldest of which she
        // answers.
        alice.send(bob, 1);
        simulation.run(5400 * MILLISECOND);

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }
}
