package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;
import java.util.List;

/** How sessions come to be, and how they do not. */
class HandshakeTest extends SimulationTest {
    /** The longest time between two initiations. */
    private static final long RETRY_NS = 5333 * MILLISECOND;

    @Test
    void shouldCarryPacketsBothWaysAfterOneHandshake() {
        Simulation.connect(alice, bob);

        alice.send(bob, 1);
        simulation.settle();
        bob.send(alice, 2);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(alice.takeDelivered()).containsExactly(2L);
        assertThat(simulation.takeWire())
                .extracting(SimulatedDatagram::type)
                .containsExactly(INITIATION, RESPONSE, 4, 4);
        assertThat(alice.conductorCounters().handshakesCompleted()).isEqualTo(1);
        assertThat(bob.conductorCounters().handshakesCompleted()).isEqualTo(1);
    }

    @Test
    void shouldTellPeersAndTrafficInState() throws Exception {
        establish();

        var state = alice.control().state();

        assertThat(state.listenPort()).isEqualTo(SimulatedHost.PORT);
        assertThat(state.peers()).hasSize(1);
        var peer = state.peers().getFirst();
        assertThat(peer.publicKey()).isEqualTo(bob.publicKey());
        assertThat(peer.endpoint()).isEqualTo(bob.address());
        assertThat(peer.lastHandshake()).isNotNull();
        assertThat(peer.txBytes()).isEqualTo(148 + 64 + 32);
        assertThat(peer.rxBytes()).isEqualTo(92);
    }

    @Test
    void shouldConfirmSessionWithKeepaliveWhenNothingIsStaged() {
        Simulation.connect(alice, bob);
        alice.apply(SimulatedPeer.of(bob).keepalive(60));

        simulation.settle();

        assertThat(simulation.takeWire())
                .extracting(SimulatedDatagram::type)
                .startsWith(INITIATION, RESPONSE, 4);
        assertThat(bob.value(WorkerCounter.KEEPALIVES_RECEIVED)).isPositive();
        bob.send(alice, 7);
        simulation.settle();
        assertThat(alice.takeDelivered()).containsExactly(7L);
    }

    @Test
    void shouldCarryPacketsWithSeveralWorkersAndBothFamilies() {
        SimulatedHost carol = simulation.addHost("2001:db8::3", "fd00::3", 4);
        SimulatedHost dave = simulation.addHost("2001:db8::4", "fd00::4", 2);
        Simulation.connect(carol, dave);

        for (int i = 0; i < 8; i++) {
            carol.send(dave, i);
            dave.send(carol, 100 + i);
        }
        simulation.run(6 * SECOND);

        assertThat(dave.takeDelivered()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(carol.takeDelivered()).hasSize(8);
    }

    @Test
    void shouldNotConnectPeersWithDifferentPresharedKeys() {
        alice.apply(SimulatedPeer.of(bob).presharedKey(1));
        bob.apply(SimulatedPeer.of(alice).presharedKey(2));

        alice.send(bob, 1);
        simulation.run(4 * SECOND);

        assertThat(bob.takeDelivered()).isEmpty();
        assertThat(alice.dropped(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
        assertThat(alice.conductorCounters().handshakesCompleted()).isZero();
        assertThat(bob.conductorCounters().handshakesCompleted()).isZero();
    }

    @Test
    void shouldConnectPeersWithSamePresharedKey() {
        alice.apply(SimulatedPeer.of(bob).presharedKey(1));
        bob.apply(SimulatedPeer.of(alice).presharedKey(1));

        alice.send(bob, 1);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void shouldSendNothingToPeerWithKeyOfLowOrder(String hex) {
        byte[] key = HexFormat.of().parseHex(hex);
        alice.apply(
                SimulatedPeer.of(NoisePublicKey.copyOf(key, 0))
                        .endpoint(bob.address())
                        .allowedIp(bob.overlay().toString())
                        .keepalive(1));

        for (int i = 0; i < 1000; i++) {
            alice.send(bob, i);
        }
        simulation.run(3 * MINUTE);

        assertThat(simulation.takeWire()).isEmpty();
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW)).isEqualTo(1000 - 128);
    }

    @Test
    void shouldSendNothingBeforeAndAfterThereIsPrivateKey() {
        Simulation.connect(alice, bob);
        alice.apply(Updates.privateKey(new byte[32]));

        alice.send(bob, 1);
        bob.send(alice, 2);
        simulation.run(3 * SECOND);

        assertThat(simulation.takeWire())
                .allMatch(datagram -> datagram.source().equals(bob.address()));
        assertThat(alice.dropped(DropReason.INVALID_MAC1)).isEqualTo(1);
    }

    @Test
    void shouldAnswerReplayedInitiationOnce() {
        Simulation.connect(alice, bob);
        alice.send(bob, 1);
        simulation.settle();
        SimulatedDatagram initiation = simulation.takeWire().getFirst();

        for (int i = 0; i < 100; i++) {
            simulation.inject(initiation.source(), initiation.destination(), initiation.payload());
            simulation.run(50 * MILLISECOND);
        }

        assertThat(sentAfter(0, bob, RESPONSE)).isEmpty();
        assertThat(bob.conductorCounters().responsesSent()).isEqualTo(1);
        assertThat(bob.dropped(DropReason.HANDSHAKE_INVALID)).isEqualTo(100);
    }

    @Test
    void shouldAnswerReplayedInitiationsOfPastOnceAfterRestart() {
        Simulation.connect(alice, bob);
        alice.send(bob, 1);
        simulation.settle();
        SimulatedDatagram initiation = simulation.takeWire().getFirst();
        bob.restart();
        bob.apply(SimulatedPeer.of(alice));

        for (int i = 0; i < 10; i++) {
            simulation.inject(initiation.source(), initiation.destination(), initiation.payload());
            simulation.settle();
        }

        // The first is as good as new to one who remembers nothing; it leads to no session.
        assertThat(bob.conductorCounters().responsesSent()).isEqualTo(1);
        assertThat(bob.conductorCounters().handshakesCompleted()).isZero();
    }

    @Test
    void shouldIgnoreReplayedResponse() {
        Simulation.connect(alice, bob);
        alice.send(bob, 1);
        simulation.settle();
        SimulatedDatagram response = simulation.takeWire().get(1);

        simulation.inject(response.source(), response.destination(), response.payload());
        simulation.settle();
        alice.send(bob, 2);
        simulation.settle();

        assertThat(alice.dropped(DropReason.UNKNOWN_RECEIVER_INDEX)).isEqualTo(1);
        assertThat(bob.takeDelivered()).containsExactly(1L, 2L);
    }

    @Test
    void shouldIgnoreStranger() {
        bob.apply(SimulatedPeer.of(simulation.addHost("192.0.2.9", "10.0.0.9")));
        alice.apply(SimulatedPeer.of(bob));

        alice.send(bob, 1);
        simulation.run(SECOND);

        assertThat(sentAfter(0, bob, RESPONSE)).isEmpty();
        assertThat(bob.dropped(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
    }

    @Test
    void shouldSettleOnOneSessionWhenBothInitiateAtOnce() {
        for (int seed = 0; seed < 1000; seed++) {
            initiateAtOnce(seed);
        }
    }

    private static void initiateAtOnce(int seed) {
        try (Simulation both = new Simulation(seed)) {
            SimulatedHost one = both.addHost("192.0.2.1", "10.0.0.1");
            SimulatedHost other = both.addHost("192.0.2.2", "10.0.0.2");
            Simulation.connect(one, other);
            both.network().faults(NetworkFaults.NONE.withDelay(10 * MILLISECOND, 5 * MILLISECOND));
            one.send(other, 1);
            other.send(one, 2);
            // One retry in fourteen meets the other's again: their jitter differs by less than the
            // delay.
            both.run(6 * RETRY_NS);

            long initiations = both.takeWire().stream().filter(sent -> sent.type() == 1).count();
            assertThat(initiations).as("seed %d", seed).isLessThanOrEqualTo(12);
            assertThat(other.takeDelivered()).as("seed %d", seed).containsExactly(1L);
            assertThat(one.takeDelivered()).as("seed %d", seed).containsExactly(2L);
            both.every(
                    SECOND,
                    20,
                    () -> {
                        one.send(other, 3);
                        other.send(one, 4);
                    });
            both.run(21 * SECOND);

            assertThat(other.takeDelivered()).as("seed %d", seed).hasSize(20).containsOnly(3L);
            assertThat(one.takeDelivered()).as("seed %d", seed).hasSize(20).containsOnly(4L);
            List<SimulatedDatagram> handshakes =
                    both.takeWire().stream().filter(sent -> sent.type() < 4).toList();
            assertThat(handshakes).as("seed %d", seed).isEmpty();
        }
    }
}
