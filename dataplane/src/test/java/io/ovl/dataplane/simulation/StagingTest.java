package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

/** What becomes of packets that have to wait for a handshake. */
class StagingTest extends SimulationTest {
    private static final int STAGED = 128;

    /** Of all peers together: half of a worker's buffers. */
    private static final int STAGED_IN_ALL = 256;

    @Test
    void shouldDeliverStagedPacketsInOrderAfterHandshake() {
        Simulation.connect(alice, bob);
        simulation.network().cut(alice.underlay(), bob.underlay());
        for (int i = 0; i < STAGED; i++) {
            alice.send(bob, i);
        }
        simulation.settle();

        simulation.network().heal();
        simulation.run(6 * SECOND);

        assertThat(bob.takeDelivered())
                .containsExactlyElementsOf(LongStream.range(0, STAGED).boxed().toList());
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW)).isZero();
    }

    @Test
    void shouldDropOldestWhenTooManyAreStaged() {
        Simulation.connect(alice, bob);
        simulation.network().cut(alice.underlay(), bob.underlay());
        for (int i = 0; i < STAGED + 72; i++) {
            alice.send(bob, i);
        }
        simulation.settle();

        simulation.network().heal();
        simulation.run(6 * SECOND);

        assertThat(bob.takeDelivered())
                .containsExactlyElementsOf(LongStream.range(72, 72 + STAGED).boxed().toList());
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW)).isEqualTo(72);
    }

    @Test
    void shouldSurviveManyPacketsToDeadPeerWithoutLosingBuffers() {
        alice.apply(SimulatedPeer.of(bob));
        bob.close();
        simulation.network().cut(alice.underlay(), bob.underlay());

        for (int i = 0; i < 10_000; i++) {
            alice.send(bob, i);
            simulation.settle();
        }
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW)).isEqualTo(10_000 - STAGED);

        simulation.run(2 * MINUTE);
        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(STAGED);
        assertThat(alice.value(WorkerCounter.DEVICE_READS)).isEqualTo(10_000);
    }

    @Test
    void shouldKeepLivingPeerReachableBesidesManyDeadOnes() {
        var dead = new SimulatedPeer[8];
        for (int i = 0; i < dead.length; i++) {
            dead[i] =
                    SimulatedPeer.of(simulation.addHost("192.0.2." + (10 + i), "10.0.1." + i))
                            .endpoint(new UdpAddress(Simulation.ip("203.0.113.1"), 1, 0));
        }
        establish();
        alice.apply(dead);
        for (int i = 0; i < dead.length * 200; i++) {
            alice.inject(
                    SimulatedPacket.of(
                            alice.overlay(), Simulation.ip("10.0.1." + i % dead.length), i, 64));
        }

        simulation.every(10 * MILLISECOND, 100, () -> alice.send(bob, 1));
        simulation.run(2 * SECOND);

        assertThat(bob.takeDelivered()).hasSize(100);
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW)).isEqualTo(1600 - STAGED_IN_ALL);
    }

    @Test
    void shouldLeaveRoomForPeerThatAnswersWhenOthersDoNot() {
        for (int i = 0; i < 400; i++) {
            alice.apply(
                    SimulatedPeer.of(NoisePrivateKey.generate(simulation.random()).publicKey())
                            .endpoint(new UdpAddress(Simulation.ip("203.0.113.1"), 1, 0))
                            .allowedIp("10.1." + i / 200 + "." + i % 200));
        }
        Simulation.connect(alice, bob);
        // Two peers as greedy as may be, then hundreds with a packet or two.
        for (int i = 0; i < 2 * STAGED; i++) {
            injectTo("10.1.0." + i % 2, i);
        }
        for (int i = 0; i < 400; i++) {
            injectTo("10.1." + i / 200 + "." + i % 200, i);
        }
        simulation.network().faults(NetworkFaults.NONE.withDelay(20 * MILLISECOND, 0));
        simulation.settle();

        alice.send(bob, 1);
        simulation.run(SECOND);

        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(alice.dropped(DropReason.STAGED_OVERFLOW))
                .isEqualTo(2 * STAGED + 400 + 1 - STAGED_IN_ALL);
        // None was lost on the way: what is left is dropped when the handshakes are given up.
        simulation.run(2 * MINUTE);
        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(STAGED_IN_ALL - 1);
    }

    private void injectTo(String overlay, long id) {
        alice.inject(SimulatedPacket.of(alice.overlay(), Simulation.ip(overlay), id, 64));
    }

    @Test
    void shouldDropPacketsThatHaveNowhereToGo() {
        alice.apply(SimulatedPeer.of(bob).endpoint(null));

        alice.send(bob, 1);
        alice.inject(SimulatedPacket.of(alice.overlay(), Simulation.ip("10.9.9.9"), 2, 64));
        alice.inject(new byte[] {0x45, 0, 0});
        alice.inject(new byte[60]);
        simulation.settle();

        assertThat(alice.dropped(DropReason.NO_ENDPOINT)).isEqualTo(1);
        assertThat(alice.dropped(DropReason.NO_PEER)).isEqualTo(1);
        assertThat(alice.dropped(DropReason.MALFORMED_PACKET)).isEqualTo(1);
        assertThat(alice.dropped(DropReason.UNKNOWN_IP_VERSION)).isEqualTo(1);
        assertThat(alice.value(WorkerCounter.DEVICE_GENERATED)).isEqualTo(2);
        assertThat(simulation.takeWire()).isEmpty();
    }
}
