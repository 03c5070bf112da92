package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/** When what is sent without anybody's asking (WireGuard whitepaper §6). */
class TimersTest extends SimulationTest {
    private static final long JITTER = 333 * MILLISECOND;

    @Test
    void shouldRetryHandshakeAndGiveUp() {
        Simulation.connect(alice, bob);
        simulation.network().cut(alice.underlay(), bob.underlay());
        long startNs = simulation.nowNs();
        alice.send(bob, 1);

        simulation.run(5 * MINUTE);

        List<Long> initiations = sentAfter(startNs, alice, INITIATION);
        assertThat(initiations).hasSize(20);
        assertThat(initiations.getFirst()).isZero();
        for (int i = 1; i < initiations.size(); i++) {
            assertThat(initiations.get(i) - initiations.get(i - 1))
                    .isBetween(5 * SECOND, 5 * SECOND + JITTER);
        }
        assertThat(initiations.getLast()).isBetween(95 * SECOND, 101_300 * MILLISECOND);
        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(1);
    }

    @Test
    void shouldStartAnewForOnePacketAfterGivingUp() {
        Simulation.connect(alice, bob);
        simulation.network().cut(alice.underlay(), bob.underlay());
        alice.send(bob, 1);
        simulation.run(5 * MINUTE);
        simulation.takeWire();

        simulation.network().heal();
        alice.send(bob, 2);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(2L);
    }

    @Test
    void shouldGiveUpPeerToWhichNothingCanBeSent() {
        alice.apply(SimulatedPeer.of(bob));
        alice.apply(Updates.privateKey(new byte[32]));
        alice.send(bob, 1);

        simulation.run(99 * SECOND);
        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isZero();
        simulation.run(8 * SECOND);

        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(1);
        // All that is left is to wipe what may be left of a handshake.
        assertThat(alice.nextDeadlineNs() - simulation.nowNs()).isGreaterThan(530 * SECOND);
        alice.restorePrivateKey();
        bob.apply(SimulatedPeer.of(alice));
        alice.send(bob, 2);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(2L);
    }

    @Test
    void shouldRekeyOnSendAfter120SecondsAsInitiatorOnly() {
        establish();
        long startNs = simulation.nowNs();
        simulation.every(
                SECOND,
                125,
                () -> {
                    alice.send(bob, 1);
                    bob.send(alice, 2);
                });

        simulation.run(126 * SECOND);

        List<SimulatedDatagram> wire = simulation.takeWire();
        assertThat(wire).filteredOn(sent -> sent.type() == INITIATION).hasSize(1);
        SimulatedDatagram initiation =
                wire.stream().filter(sent -> sent.type() == INITIATION).findFirst().orElseThrow();
        assertThat(initiation.source()).isEqualTo(alice.address());
        assertThat(initiation.sentNs() - startNs).isEqualTo(120 * SECOND);
        assertThat(bob.takeDelivered()).hasSize(125);
        assertThat(alice.takeDelivered()).hasSize(125);
    }

    @Test
    void shouldRekeyOnReceiveAfter165SecondsWhenInitiatorOnlyReceives() {
        establish();
        long startNs = simulation.nowNs();
        simulation.after(166 * SECOND, () -> bob.send(alice, 3));
        // Keepalives in answer would be sent by the initiator, and rekey at 120 s: none is due.
        simulation.run(165 * SECOND);
        assertThat(sentAfter(startNs, alice, INITIATION)).isEmpty();

        simulation.run(2 * SECOND);

        assertThat(sentAfter(startNs, alice, INITIATION)).containsExactly(166 * SECOND);
        assertThat(alice.takeDelivered()).containsExactly(3L);
    }

    @Test
    void shouldUseSessionUntil180Seconds() {
        establish();
        simulation.run(180 * SECOND - 1);

        bob.send(alice, 4);
        simulation.settle();

        assertThat(alice.takeDelivered()).containsExactly(4L);
        assertThat(sentAfter(0, bob, INITIATION)).isEmpty();
    }

    @Test
    void shouldNotUseSessionFrom180SecondsOn() {
        establish();
        simulation.network().cut(alice.underlay(), bob.underlay());
        alice.send(bob, 3);
        simulation.settle();
        byte[] late = simulation.takeWire().getFirst().payload();
        simulation.network().heal();
        simulation.run(180 * SECOND);
        simulation.takeWire();

        simulation.inject(alice.address(), bob.address(), late);
        bob.send(alice, 5);
        simulation.settle();

        assertThat(bob.dropped(DropReason.KEYPAIR_EXPIRED)).isEqualTo(1);
        assertThat(sentAfter(0, bob, INITIATION)).hasSize(1);
        assertThat(alice.takeDelivered()).containsExactly(5L);
    }

    @Test
    void shouldHandshakeWhenSessionEndsBetweenClockReadingsOfWorkerAndConductor() {
        establish();
        simulation.run(180 * SECOND);
        simulation.takeWire();

        bob.conductorLagNs(1);
        bob.send(alice, 5);
        simulation.settle();
        bob.conductorLagNs(0);
        simulation.run(SECOND);

        assertThat(alice.takeDelivered()).containsExactly(5L);
        assertThat(sentAfter(0, bob, INITIATION)).hasSize(1);
    }

    @Test
    void shouldForgetKeysAfter540Seconds() {
        establish();
        assertThat(alice.tables().sessions().size()).isEqualTo(1);

        simulation.run(539 * SECOND);
        assertThat(alice.tables().sessions().size()).isEqualTo(1);
        assertThat(bob.tables().sessions().size()).isEqualTo(1);

        simulation.run(2 * SECOND);
        assertThat(alice.tables().sessions().size()).isZero();
        assertThat(bob.tables().sessions().size()).isZero();
        assertThat(alice.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldAnswerDataWithKeepaliveAfterTenSeconds() {
        establish();
        long startNs = simulation.nowNs();
        simulation.run(SECOND);
        alice.send(bob, 1);
        simulation.run(MINUTE);

        List<SimulatedDatagram> wire = simulation.takeWire();
        // The first packet, before the wire was read, is answered too.
        assertThat(wire).hasSize(2);
        assertThat(wire.get(0).isData()).isTrue();
        assertThat(wire.get(1).isKeepalive()).isTrue();
        assertThat(wire.get(1).source()).isEqualTo(bob.address());
        assertThat(wire.get(1).sentNs() - startNs).isEqualTo(10 * SECOND);
    }

    @Test
    void shouldNotAnswerDataWithKeepaliveWhenItAnswersWithData() {
        establish();
        simulation.run(MINUTE);
        simulation.takeWire();
        alice.send(bob, 1);
        simulation.after(9 * SECOND, () -> bob.send(alice, 2));

        simulation.run(15 * SECOND);

        assertThat(simulation.takeWire()).hasSize(2).allMatch(SimulatedDatagram::isData);
    }

    @Test
    void shouldSendPersistentKeepalivesWhileNothingElseGoesEitherWay() {
        establish();
        simulation.run(MINUTE);
        simulation.takeWire();
        long startNs = simulation.nowNs();
        bob.apply(SimulatedPeer.of(alice).keepalive(25));
        simulation.after(30 * SECOND, () -> alice.send(bob, 1));

        simulation.run(58 * SECOND);

        assertThat(
                        simulation.takeWire().stream()
                                .filter(SimulatedDatagram::isKeepalive)
                                .map(sent -> sent.sentNs() - startNs))
                .containsExactly(0L, 25 * SECOND, 40 * SECOND);
    }

    @Test
    void shouldConnectByItselfAndStayConnectedWithPersistentKeepalive() {
        bob.apply(SimulatedPeer.of(alice).endpoint(null));
        alice.apply(SimulatedPeer.of(bob).keepalive(25));

        simulation.run(HOUR);
        bob.send(alice, 1);
        simulation.settle();

        assertThat(alice.takeDelivered()).containsExactly(1L);
        assertThat(bob.dropped(DropReason.NO_ENDPOINT)).isZero();
    }

    @Test
    void shouldHandshakeAnewAfterFifteenSecondsOfSilence() {
        establish();
        simulation.run(MINUTE);
        simulation.takeWire();
        simulation.network().cut(alice.underlay(), bob.underlay());
        long startNs = simulation.nowNs();
        alice.send(bob, 1);

        simulation.run(30 * SECOND);

        List<Long> initiations = sentAfter(startNs, alice, INITIATION);
        assertThat(initiations.getFirst()).isBetween(15 * SECOND, 15 * SECOND + JITTER);
        assertThat(initiations.get(1) - initiations.get(0))
                .isBetween(5 * SECOND, 5 * SECOND + JITTER);
    }

    @Test
    void shouldTryAgainAsLongAsDataIsSentWithoutAnswer() {
        establish();
        simulation.run(SECOND);
        simulation.network().cut(alice.underlay(), bob.underlay());
        long startNs = simulation.nowNs();
        // Bob is the responder: age alone makes him initiate at 180 s only.
        simulation.every(SECOND, 170, () -> bob.send(alice, 1));

        simulation.run(170 * SECOND);

        List<Long> initiations = sentAfter(startNs, bob, INITIATION);
        assertThat(initiations.getLast()).isGreaterThan(160 * SECOND);
    }

    @Test
    void shouldFinishHandshakeThatIsUnderWayWhenOldKeysAreForgotten() {
        establish();
        simulation.network().cut(alice.underlay(), bob.underlay());
        // The last initiation before the keys go is answered only after they went.
        simulation.run(539 * SECOND + 900 * MILLISECOND);
        simulation.network().heal();
        simulation.network().faults(NetworkFaults.NONE.withDelay(100 * MILLISECOND, 0));
        alice.send(bob, 1);

        simulation.run(SECOND);

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldSendNothingWhenIdle() {
        establish();
        simulation.run(30 * SECOND);
        simulation.takeWire();

        simulation.run(24 * HOUR);

        assertThat(simulation.takeWire()).isEmpty();
    }

    @Test
    void shouldTellWhenLastHandshakeWas() {
        establish();
        var first = Objects.requireNonNull(alice.control().state().peers().getFirst());
        assertThat(first.lastHandshake()).isEqualTo(simulation.clock().wallTime());
        simulation.run(121 * SECOND);
        alice.send(bob, 1);
        simulation.settle();

        var second = alice.control().state().peers().getFirst();

        assertThat(second.lastHandshake()).isEqualTo(simulation.clock().wallTime());
    }
}
