package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/** Networks that lose, repeat, reorder and alter, and how long a tunnel lasts. */
class FaultyNetworkTest extends SimulationTest {
    private static final NetworkFaults BAD =
            new NetworkFaults(0.1, 0.05, 0.02, 20 * MILLISECOND, 50 * MILLISECOND);

    @Test
    void shouldDeliverUnalteredAtMostOnceAndCountEverythingElse() {
        for (int seed = 0; seed < 10; seed++) {
            try (Simulation bad = new Simulation(seed)) {
                useBadNetwork(bad);
            }
        }
    }

    private static void useBadNetwork(Simulation bad) {
        SimulatedHost one = bad.addHost("192.0.2.1", "10.0.0.1");
        SimulatedHost other = bad.addHost("192.0.2.2", "10.0.0.2");
        Simulation.connect(one, other);
        one.send(other, -1);
        bad.settle();
        bad.network().faults(BAD);
        long[] next = {0};
        bad.every(
                10 * MILLISECOND,
                30_000,
                () -> {
                    int length = 48 + (int) (next[0] % 1300);
                    one.send(other, next[0], length);
                    other.send(one, next[0], length);
                    next[0]++;
                });

        bad.run(310 * SECOND);

        for (SimulatedHost host : List.of(one, other)) {
            // Reading the numbers checks every byte.
            List<Long> ids = host.takeDelivered();
            assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
            // Nine in ten arrive, of which 98 in a hundred unaltered: 26,460. Handshakes that are
            // lost cost no packet, as there is a minute to repeat them.
            assertThat(ids.size()).isBetween(26_000, 26_900);
            assertThat(host.unaccountedInbound()).isZero();
            assertThat(host.dropped(DropReason.REPLAYED)).isPositive();
            assertThat(host.dropped(DropReason.AUTHENTICATION_FAILED)).isPositive();
            long sent = host.value(WorkerCounter.DEVICE_READ_PACKETS);
            assertThat(sent).isEqualTo(host == one ? 30_001 : 30_000);
            assertThat(host.value(WorkerCounter.UDP_SEND_PACKETS))
                    .isEqualTo(sent + host.value(WorkerCounter.KEEPALIVES_SENT));
        }
    }

    @Test
    void shouldKeepHandshakesFewOnBadNetworkWithManyPeers() {
        try (Simulation bad = new Simulation(5)) {
            bad.network().faults(BAD);
            SimulatedHost hub = bad.addHost("192.0.2.1", "10.0.0.1", 2);
            List<SimulatedHost> spokes = new ArrayList<>();
            for (int i = 2; i < 22; i++) {
                SimulatedHost spoke = bad.addHost("192.0.2." + i, "10.0.0." + i);
                Simulation.connect(hub, spoke);
                spokes.add(spoke);
            }
            bad.stopRecordingWire();
            bad.every(
                    SECOND,
                    3600,
                    () -> {
                        for (SimulatedHost spoke : spokes) {
                            spoke.send(hub, 1);
                            hub.send(spoke, 2);
                        }
                    });

            bad.run(HOUR + 20 * SECOND);

            for (SimulatedHost spoke : spokes) {
                // 30 sessions an hour, as many again for lost messages and beginnings that cross.
                assertThat(
                                spoke.conductorCounters().initiationsSent()
                                        + spoke.conductorCounters().responsesSent())
                        .isBetween(30L, 75L);
                assertThat(spoke.takeDelivered()).hasSizeBetween(3000, 3500);
                assertThat(spoke.unaccountedInbound()).isZero();
                assertThat(spoke.dropped(DropReason.HANDSHAKE_FAILED)).isZero();
            }
            assertThat(hub.unaccountedInbound()).isZero();
        }
    }

    @Test
    void shouldRepeatRunFromItsSeed() {
        String first = digestOf(7);

        assertThat(digestOf(7)).isEqualTo(first);
        assertThat(digestOf(8)).isNotEqualTo(first);
    }

    private static String digestOf(long seed) {
        try (Simulation run = new Simulation(seed)) {
            SimulatedHost one = run.addHost("192.0.2.1", "10.0.0.1", 2);
            SimulatedHost other = run.addHost("192.0.2.2", "10.0.0.2");
            SimulatedHost third = run.addHost("192.0.2.3", "10.0.0.3");
            Simulation.connect(one, other);
            Simulation.connect(one, third);
            Simulation.connect(other, third);
            third.apply(SimulatedPeer.of(one).keepalive(5));
            run.network().faults(BAD);
            run.every(
                    300 * MILLISECOND,
                    1000,
                    () -> {
                        one.send(other, 1);
                        other.send(third, 2);
                        third.send(one, 3);
                    });
            run.run(6 * MINUTE);
            return run.log().digest();
        }
    }

    @Test
    void shouldLoseNothingInDayOfOnePacketPerSecondEachWay() {
        simulation.stopRecordingWire();
        Simulation.connect(alice, bob);
        int seconds = 24 * 3600;
        long[] delivered = {0, 0};
        simulation.network().faults(NetworkFaults.NONE.withDelay(10 * MILLISECOND, 0));
        simulation.every(
                SECOND,
                seconds,
                () -> {
                    alice.send(bob, 1);
                    bob.send(alice, 2);
                    delivered[0] += alice.takeDelivered().size();
                    delivered[1] += bob.takeDelivered().size();
                });
        long startedNs = System.nanoTime();

        simulation.run((seconds + 20) * SECOND);

        double tookSeconds = (System.nanoTime() - startedNs) / 1e9;
        System.out.printf(
                "24 virtual hours, %d handshakes in %.1f s: %.0f times real time%n",
                alice.conductorCounters().handshakesCompleted(),
                tookSeconds,
                seconds / tookSeconds);
        assertThat(delivered[0] + alice.takeDelivered().size()).isEqualTo(seconds);
        assertThat(delivered[1] + bob.takeDelivered().size()).isEqualTo(seconds);
        assertThat(alice.conductorCounters().handshakesCompleted()).isBetween(700L, 725L);
        for (SimulatedHost host : List.of(alice, bob)) {
            assertThat(host.unaccountedInbound()).isZero();
            for (DropReason reason : DropReason.values()) {
                // Two first initiations that cross leave a response or two that nobody waits for.
                if (reason != DropReason.UNKNOWN_RECEIVER_INDEX) {
                    assertThat(host.dropped(reason)).as("%s", reason).isZero();
                }
            }
            assertThat(host.tables().sessions().size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void shouldCountDatagramsThatSocketRefuses() {
        establish();
        Objects.requireNonNull(alice.sockets().latest()).memory().failSends(101);

        alice.send(bob, 1);
        simulation.settle();

        assertThat(alice.dropped(DropReason.SEND_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldCountPacketsThatDeviceRefuses() {
        establish();
        bob.device().up(false);

        alice.send(bob, 1);
        simulation.settle();

        assertThat(bob.dropped(DropReason.DEVICE_WRITE_FAILED)).isEqualTo(1);
        assertThat(bob.unaccountedInbound()).isZero();
    }

    @Test
    void shouldTellOnceWhenDeviceIsDeleted() {
        establish();
        bob.device().delete();

        simulation.run(SECOND);

        assertThat(bob.deviceGoneCount()).isEqualTo(1);
    }
}
