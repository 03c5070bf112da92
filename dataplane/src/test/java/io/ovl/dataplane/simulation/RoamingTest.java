package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.InMemoryNat;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Peers that move, that come back without memory, and that sit behind translators. */
class RoamingTest extends SimulationTest {
    private static final UdpAddress ELSEWHERE =
            new UdpAddress(Simulation.ip("198.51.100.7"), 4000, 0);

    private static @Nullable UdpAddress endpointAt(SimulatedHost host) {
        return host.control().state().peers().getFirst().endpoint();
    }

    @Test
    void shouldFollowPeerToWhereAuthenticatedPacketsComeFrom() {
        establish();
        alice.sockets().moveTo(Simulation.ip("198.51.100.7"));

        alice.send(bob, 1);
        simulation.settle();
        bob.send(alice, 2);
        simulation.settle();

        assertThat(endpointAt(bob))
                .isEqualTo(new UdpAddress(Simulation.ip("198.51.100.7"), SimulatedHost.PORT, 0));
        assertThat(alice.takeDelivered()).containsExactly(2L);
    }

    @Test
    void shouldFollowPeerThatMovesWhileBothSendWithoutLosingWhatItSends() {
        establish();
        simulation.every(100 * MILLISECOND, 600, () -> alice.send(bob, 1));
        for (int i = 1; i <= 5; i++) {
            String address = "198.51.100." + i;
            simulation.after(10 * SECOND * i, () -> alice.sockets().moveTo(Simulation.ip(address)));
        }

        simulation.run(70 * SECOND);

        assertThat(bob.takeDelivered()).hasSize(600);
        assertThat(endpointAt(bob))
                .isEqualTo(new UdpAddress(Simulation.ip("198.51.100.5"), SimulatedHost.PORT, 0));
    }

    @Test
    void shouldFollowBothOfTwoPeersThatMoveTwentyTimesWithLossOfOnePacketPerMove() {
        establish();
        simulation.every(
                100 * MILLISECOND,
                1300,
                () -> {
                    alice.send(bob, 1);
                    bob.send(alice, 2);
                });
        for (int i = 1; i <= 20; i++) {
            String address = (i % 4 < 2 ? "198.51.100." : "203.0.113.") + i;
            SimulatedHost mover = i % 2 == 0 ? alice : bob;
            simulation.after(6 * SECOND * i, () -> mover.sockets().moveTo(Simulation.ip(address)));
        }

        simulation.run(131 * SECOND);

        assertThat(bob.takeDelivered()).hasSizeBetween(1280, 1300);
        assertThat(alice.takeDelivered()).hasSizeBetween(1280, 1300);
        assertThat(bob.unaccountedInbound()).isZero();
        assertThat(endpointAt(bob)).extracting(UdpAddress::ip).hasToString("198.51.100.20");
        assertThat(endpointAt(alice)).extracting(UdpAddress::ip).hasToString("203.0.113.19");
        assertThat(alice.conductorCounters().initiationsSent()).isEqualTo(2);
    }

    @Test
    void shouldNotFollowForgedPackets() {
        establish();
        alice.send(bob, 1);
        simulation.settle();
        byte[] data = simulation.takeWire().getFirst().payload();

        for (int i = 0; i < data.length; i++) {
            byte[] forged = data.clone();
            forged[i] ^= 1;
            simulation.inject(ELSEWHERE, bob.address(), forged);
        }
        simulation.inject(ELSEWHERE, bob.address(), data);
        simulation.settle();

        assertThat(endpointAt(bob)).isEqualTo(alice.address());
        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(bob.dropped(DropReason.REPLAYED)).isEqualTo(1);
    }

    @Test
    void shouldNotFollowForgedOrReplayedHandshakes() {
        Simulation.connect(alice, bob);
        alice.send(bob, 1);
        simulation.settle();
        List<SimulatedDatagram> wire = simulation.takeWire();

        for (SimulatedDatagram sent : wire.subList(0, 2)) {
            simulation.inject(ELSEWHERE, sent.destination(), sent.payload());
            byte[] forged = sent.payload().clone();
            forged[50] ^= 1;
            simulation.inject(ELSEWHERE, sent.destination(), forged);
        }
        simulation.settle();

        assertThat(endpointAt(bob)).isEqualTo(alice.address());
        assertThat(endpointAt(alice)).isEqualTo(bob.address());
        assertThat(simulation.takeWire()).noneMatch(sent -> sent.destination().equals(ELSEWHERE));
    }

    @Test
    void shouldRecoverWhenResponderRestarts() {
        recoversAfterRestart(bob, alice);
    }

    @Test
    void shouldRecoverWhenInitiatorRestarts() {
        recoversAfterRestart(alice, bob);
    }

    /** The one that stays sends once a second, the one that restarts says nothing by itself. */
    private void recoversAfterRestart(SimulatedHost restarting, SimulatedHost staying) {
        establish();
        simulation.run(20 * SECOND);
        restarting.restart();
        restarting.apply(SimulatedPeer.of(staying));
        long startNs = simulation.nowNs();
        List<Long> deliveredNs = new ArrayList<>();
        simulation.every(
                100 * MILLISECOND,
                300,
                () -> {
                    staying.send(restarting, 1);
                    simulation.settle();
                    if (!restarting.takeDelivered().isEmpty()) {
                        deliveredNs.add(simulation.nowNs() - startNs);
                    }
                });

        simulation.run(30 * SECOND);

        // Silence is noticed 15 s after the first packet without an answer.
        assertThat(deliveredNs.getFirst()).isLessThanOrEqualTo(15_434 * MILLISECOND);
        assertThat(deliveredNs.size()).isGreaterThanOrEqualTo(146);
    }

    @Test
    void shouldRecoverAtOnceWhenRestartedPeerSends() {
        establish();
        simulation.run(20 * SECOND);
        bob.restart();
        bob.apply(SimulatedPeer.of(alice));

        bob.send(alice, 1);
        simulation.settle();
        alice.send(bob, 2);
        simulation.settle();

        assertThat(alice.takeDelivered()).containsExactly(1L);
        assertThat(bob.takeDelivered()).containsExactly(2L);
    }

    @Test
    void shouldReplyToRestartedPeerWithNewSessionBeforeConductorHasItsTurn() {
        establish();
        simulation.run(20 * SECOND);
        simulation.network().faults(NetworkFaults.NONE.withDelay(10 * MILLISECOND, 0));
        alice.restart();
        alice.apply(SimulatedPeer.of(bob));
        alice.send(bob, 1);
        // The response is on its way: from here on Bob's workers are alone.
        simulation.run(15 * MILLISECOND);
        bob.pauseConductor(true);
        simulation.run(15 * MILLISECOND);
        assertThat(bob.takeDelivered()).containsExactly(1L);

        bob.send(alice, 2);
        simulation.run(15 * MILLISECOND);

        assertThat(alice.takeDelivered()).containsExactly(2L);
        bob.pauseConductor(false);
        simulation.settle();
        assertThat(bob.conductorCounters().handshakesCompleted()).isEqualTo(2);
    }

    @Test
    void shouldFollowPeerWhoseTranslatorRebinds() {
        InMemoryNat nat =
                simulation
                        .network()
                        .nat(
                                alice.underlay(),
                                Simulation.ip("198.51.100.1"),
                                InMemoryNat.Filtering.SYMMETRIC);
        alice.apply(SimulatedPeer.of(bob));
        bob.apply(SimulatedPeer.of(alice).endpoint(null));
        alice.send(bob, 1);
        simulation.settle();
        UdpAddress before = endpointAt(bob);

        nat.rebind(Simulation.ip("198.51.100.2"));
        alice.send(bob, 2);
        simulation.settle();
        bob.send(alice, 3);
        simulation.settle();

        assertThat(endpointAt(bob)).isNotEqualTo(before);
        assertThat(bob.takeDelivered()).containsExactly(1L, 2L);
        assertThat(alice.takeDelivered()).containsExactly(3L);
    }

    @Test
    void shouldStayReachableBehindTranslatorWithPersistentKeepalive() {
        behindTranslator(25);

        assertThat(alice.takeDelivered()).hasSize(12);
    }

    @Test
    void shouldBecomeUnreachableBehindTranslatorWithoutPersistentKeepalive() {
        behindTranslator(0);

        assertThat(alice.takeDelivered()).isEmpty();
    }

    /** Bob has a packet for Alice every five minutes, Alice's translator forgets after 30 seconds. */
    private void behindTranslator(int keepaliveSeconds) {
        simulation
                .network()
                .nat(
                        alice.underlay(),
                        Simulation.ip("198.51.100.1"),
                        InMemoryNat.Filtering.ADDRESS_AND_PORT_DEPENDENT)
                .timeoutNs(30 * SECOND);
        alice.apply(SimulatedPeer.of(bob).keepalive(keepaliveSeconds));
        bob.apply(SimulatedPeer.of(alice).endpoint(null));
        alice.send(bob, 1);
        simulation.settle();

        simulation.every(5 * MINUTE, 12, () -> bob.send(alice, 2));
        simulation.run(HOUR + SECOND);
    }
}
