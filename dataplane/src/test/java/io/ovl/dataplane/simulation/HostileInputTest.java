package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.SeededRandomSource;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Datagrams that strangers make up or repeat. */
class HostileInputTest extends SimulationTest {
    private static final UdpAddress STRANGER =
            new UdpAddress(Simulation.ip("203.0.113.66"), 666, 0);

    private final SeededRandomSource random = new SeededRandomSource(99);

    private long inboundDropsOfBob() {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += reason.isOutbound() ? 0 : bob.dropped(reason);
        }
        return sum;
    }

    @Test
    void shouldDeliverReplayedDatagramOnce() {
        establish();
        alice.send(bob, 1);
        simulation.settle();
        SimulatedDatagram data = simulation.takeWire().getFirst();

        for (int i = 0; i < 100; i++) {
            simulation.inject(data.source(), data.destination(), data.payload());
        }
        simulation.settle();
        alice.send(bob, 2);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L, 2L);
        assertThat(bob.dropped(DropReason.REPLAYED)).isEqualTo(100);
        assertThat(bob.unaccountedInbound()).isZero();
    }

    @Test
    void shouldDropAlteredDatagrams() {
        establish();
        simulation.network().cut(alice.underlay(), bob.underlay());
        alice.send(bob, 1, 48);
        simulation.settle();
        SimulatedDatagram data = simulation.takeWire().getFirst();
        simulation.network().heal();

        for (int bit = 0; bit < 8 * data.payload().length; bit++) {
            byte[] altered = data.payload().clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            simulation.inject(data.source(), data.destination(), altered);
        }
        simulation.settle();

        assertThat(bob.takeDelivered()).isEmpty();
        assertThat(bob.unaccountedInbound()).isZero();
        assertThat(bob.dropped(DropReason.AUTHENTICATION_FAILED))
                .isEqualTo(8L * (data.payload().length - 8));
        simulation.inject(data.source(), data.destination(), data.payload());
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldNotDeliverPacketsFromAddressesThatAreNotThePeers() {
        establish();

        alice.inject(SimulatedPacket.of(Simulation.ip("10.0.0.77"), bob.overlay(), 1, 64));
        simulation.settle();

        assertThat(bob.takeDelivered()).isEmpty();
        assertThat(bob.dropped(DropReason.DISALLOWED_SOURCE)).isEqualTo(1);
    }

    @Test
    void shouldAnswerNoJunkAndCountAllOfIt() {
        establish();
        long before = inboundDropsOfBob();
        int[] count = {0};

        for (int length = 0; length <= 2000; length++) {
            for (int i = 0; i < 50; i++) {
                byte[] junk = new byte[length];
                random.nextBytes(junk);
                if (i % 2 == 0 && length > 0) {
                    // What looks like a message gets further.
                    junk[0] = (byte) (1 + i / 2 % 4);
                    for (int at = 1; at < Math.min(4, length); at++) {
                        junk[at] = 0;
                    }
                }
                simulation.inject(STRANGER, bob.address(), junk);
                count[0]++;
            }
            simulation.settle();
        }

        assertThat(count[0]).isGreaterThan(100_000);
        assertThat(simulation.takeWire()).noneMatch(sent -> sent.source().equals(bob.address()));
        assertThat(bob.unaccountedInbound()).isZero();
        assertThat(inboundDropsOfBob() - before).isEqualTo(count[0]);
        alice.send(bob, 1);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldAnswerFloodWithCookiesAndLetPeerThrough() {
        Simulation.connect(alice, bob);
        simulation.every(500 * MILLISECOND, 40, () -> flood(700));
        simulation.run(600 * MILLISECOND);
        assertThat(bob.dropped(DropReason.COOKIE_REQUIRED)).isPositive();
        simulation.takeWire();

        alice.send(bob, 1);
        simulation.run(17 * SECOND);

        List<SimulatedDatagram> wire = simulation.takeWire();
        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(wire)
                .filteredOn(sent -> sent.source().equals(alice.address()) && sent.type() == 1)
                .hasSize(2);
        assertThat(wire)
                .filteredOn(
                        sent ->
                                sent.destination().equals(alice.address())
                                        && sent.type() == COOKIE_REPLY)
                .hasSize(1);
        assertThat(bob.conductorCounters().handshakesCompleted()).isEqualTo(1);
        assertThat(bob.unaccountedInbound()).isZero();
    }

    @Test
    void shouldKeepSessionsAliveUnderFlood() {
        establish();
        simulation.every(500 * MILLISECOND, 280, () -> flood(520));
        simulation.every(
                SECOND,
                140,
                () -> {
                    alice.send(bob, 1);
                    bob.send(alice, 2);
                });

        simulation.run(141 * SECOND);

        assertThat(bob.takeDelivered()).hasSize(140);
        assertThat(alice.takeDelivered()).hasSize(140);
        assertThat(alice.conductorCounters().handshakesCompleted()).isEqualTo(2);
    }

    /** Initiations with a valid mac1 and nothing else, faster than they can be read. */
    private void flood(int count) {
        CookieGenerator macs = new CookieGenerator(bob.publicKey());
        UnsafeBuffer initiation = new UnsafeBuffer(new byte[148]);
        for (int i = 0; i < count; i++) {
            random.nextBytes(initiation.byteArray());
            initiation.putInt(0, INITIATION);
            macs.addMacs(initiation, 0, 148, simulation.nowNs());
            simulation.inject(STRANGER, bob.address(), initiation.byteArray());
        }
    }

    @Test
    void shouldNotAnswerCookiesToForgedMac1UnderLoad() {
        Simulation.connect(alice, bob);
        flood(700);
        simulation.settle();
        assertThat(bob.dropped(DropReason.COOKIE_REQUIRED)).isPositive();
        simulation.takeWire();

        byte[] initiation = new byte[148];
        random.nextBytes(initiation);
        initiation[0] = INITIATION;
        initiation[1] = 0;
        initiation[2] = 0;
        initiation[3] = 0;
        simulation.inject(STRANGER, bob.address(), initiation);
        simulation.settle();

        assertThat(bob.dropped(DropReason.INVALID_MAC1)).isEqualTo(1);
        assertThat(simulation.takeWire()).noneMatch(sent -> sent.source().equals(bob.address()));
    }

    @Test
    void shouldCountHandshakesThatRingCannotTake() {
        Simulation.connect(alice, bob);
        for (int i = 0; i < 8; i++) {
            flood(1000);
        }
        simulation.settle();

        assertThat(bob.unaccountedInbound()).isZero();
        assertThat(
                        bob.value(WorkerCounter.HANDSHAKES_PASSED)
                                + bob.dropped(DropReason.HANDSHAKE_QUEUE_FULL))
                .isEqualTo(bob.value(WorkerCounter.UDP_RECEIVE_PACKETS));
    }

    @Test
    void shouldEndLoadOneSecondAfterFlood() {
        Simulation.connect(alice, bob);
        flood(700);
        simulation.run(1100 * MILLISECOND);

        alice.send(bob, 1);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }
}
