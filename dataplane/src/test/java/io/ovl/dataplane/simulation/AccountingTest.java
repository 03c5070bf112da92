package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.ProtocolLimits;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SeededRandomSource;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Everything that a worker reads is delivered, sent, staged or in a drop counter, whatever is done to it. */
class AccountingTest {
    private static final long MILLISECOND = Simulation.MILLISECOND;
    private static final long SECOND = Simulation.SECOND;
    private static final UdpAddress STRANGER =
            new UdpAddress(Simulation.ip("203.0.113.66"), 666, 0);
    private static final UdpAddress NOBODY = new UdpAddress(Simulation.ip("203.0.113.1"), 1, 0);
    private static final NetworkFaults BAD =
            new NetworkFaults(0.1, 0.1, 0.05, 5 * MILLISECOND, 5 * MILLISECOND);

    /** What the mixture is to bring about at the least. */
    private static final Set<DropReason> EXPECTED =
            EnumSet.of(
                    DropReason.MALFORMED_PACKET,
                    DropReason.UNKNOWN_IP_VERSION,
                    DropReason.NO_PEER,
                    DropReason.NO_ENDPOINT,
                    DropReason.STAGED_OVERFLOW,
                    DropReason.HANDSHAKE_FAILED,
                    DropReason.KEYPAIR_EXHAUSTED,
                    DropReason.SEND_FAILED,
                    DropReason.INVALID_LENGTH,
                    DropReason.UNKNOWN_MESSAGE_TYPE,
                    DropReason.UNKNOWN_RECEIVER_INDEX,
                    DropReason.KEYPAIR_EXPIRED,
                    DropReason.AUTHENTICATION_FAILED,
                    DropReason.REPLAYED,
                    DropReason.DISALLOWED_SOURCE,
                    DropReason.INVALID_MAC1,
                    DropReason.COOKIE_REQUIRED,
                    DropReason.HANDSHAKE_INVALID,
                    DropReason.DEVICE_WRITE_FAILED);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAccountForEverythingReadUnderHostileMixture(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            SimulatedHost alice = simulation.addHost("192.0.2.1", "10.0.0.1", 2);
            SimulatedHost bob = simulation.addHost("192.0.2.2", "10.0.0.2", 3);
            List<SimulatedHost> hosts = List.of(alice, bob);
            Simulation.connect(alice, bob);
            alice.apply(strangePeers(simulation));
            simulation.network().faults(BAD);
            Mixture mixture = new Mixture(simulation, alice, bob, seed);

            simulation.every(20 * MILLISECOND, 440 * 50, mixture::traffic);
            simulation.every(100 * MILLISECOND, 440 * 10, mixture::hostility);
            simulation.every(7 * SECOND, 28, mixture::disturb);
            simulation.after(60 * SECOND, () -> mixture.exhaust(alice, bob));
            simulation.after(190 * SECOND, () -> mixture.exhaust(bob, alice));
            for (int second = 0; second < 450; second++) {
                simulation.run(SECOND);
                hosts.forEach(AccountingTest::assertEverythingAccountedFor);
            }

            Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
            for (DropReason reason : DropReason.values()) {
                if (alice.dropped(reason) + bob.dropped(reason) > 0) {
                    seen.add(reason);
                }
            }
            assertThat(seen).containsAll(EXPECTED);
            // Not everything was lost on the way.
            assertThat(bob.takePackets()).hasSizeGreaterThan(5_000);
        }
    }

    private static SimulatedPeer[] strangePeers(Simulation simulation) {
        List<SimulatedPeer> peers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            NoisePublicKey key = NoisePrivateKey.generate(simulation.random()).publicKey();
            peers.add(
                    SimulatedPeer.of(key)
                            .endpoint(i == 0 ? null : NOBODY)
                            .allowedIp("10.0.1." + i));
        }
        return peers.toArray(SimulatedPeer[]::new);
    }

    private static void assertEverythingAccountedFor(SimulatedHost host) {
        for (int worker = 0; worker < host.workerCount(); worker++) {
            assertThat(host.unaccountedInbound(worker)).as("received").isZero();
            assertThat(host.unaccountedOutbound(worker)).as("read").isZero();
            assertThat(host.unaccountedSent(worker)).as("sealed").isZero();
        }
        assertThat(host.unaccountedHandshakes()).as("handshakes").isZero();
    }

    /** Who does what to whom, decided by a seed. */
    private static final class Mixture {
        private final Simulation simulation;
        private final SimulatedHost alice;
        private final SimulatedHost bob;
        private final SeededRandomSource random;
        private final List<SimulatedDatagram> captured = new ArrayList<>();
        private long id;
        private int disturbance;

        Mixture(Simulation simulation, SimulatedHost alice, SimulatedHost bob, long seed) {
            this.simulation = simulation;
            this.alice = alice;
            this.bob = bob;
            random = new SeededRandomSource(seed);
        }

        private int below(int bound) {
            return Math.floorMod(random.nextInt(), bound);
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }

        void traffic() {
            int length = 48 + below(1300);
            alice.inject(below(2), packet("10.0.0.1", "10.0.0.2", length));
            bob.inject(below(3), packet("10.0.0.2", "10.0.0.1", length));
            alice.inject(below(2), packet("10.0.0.1", "10.0.1." + below(4), 48));
            switch (below(12)) {
                case 0 -> alice.inject(0, packet("10.0.0.1", "10.9.9.9", 100));
                case 1 -> bob.inject(1, packet("10.0.0.99", "10.0.0.1", 100));
                case 2 -> alice.inject(0, new byte[] {0x45, 0});
                case 3 -> alice.inject(1, new byte[60]);
                case 4 -> bob.inject(2, liar());
                default -> {}
            }
        }

        private byte[] packet(String source, String destination, int length) {
            return SimulatedPacket.of(
                    Simulation.ip(source), Simulation.ip(destination), id++, length);
        }

        /** Says that it is longer than it is. */
        private byte[] liar() {
            byte[] packet = packet("10.0.0.2", "10.0.0.1", 64);
            packet[2] = 8;
            return packet;
        }

        void hostility() {
            for (SimulatedDatagram sent : simulation.takeWire()) {
                if (captured.size() < 5_000) {
                    captured.add(sent);
                } else if (below(10) == 0) {
                    // Some have to be older than their session when they come again.
                    captured.set(below(captured.size()), sent);
                }
            }
            SimulatedHost target = below(2) == 0 ? alice : bob;
            switch (below(6)) {
                case 0 -> simulation.inject(STRANGER, target.address(), bytes(below(300)));
                case 1 -> {
                    byte[] data = bytes(32 + below(200));
                    new UnsafeBuffer(data).putInt(0, 4);
                    simulation.inject(STRANGER, target.address(), data);
                }
                case 2 -> {
                    byte[] message = bytes(below(2) == 0 ? 148 : 149);
                    new UnsafeBuffer(message).putInt(0, 1);
                    simulation.inject(STRANGER, target.address(), message);
                }
                case 3 -> simulation.inject(STRANGER, target.address(), initiation(target));
                default -> {
                    for (int i = 0; i < 5; i++) {
                        SimulatedDatagram old = captured.get(below(captured.size()));
                        simulation.inject(old.source(), old.destination(), old.payload());
                    }
                }
            }
        }

        private byte[] initiation(SimulatedHost target) {
            byte[] message = bytes(148);
            UnsafeBuffer view = new UnsafeBuffer(message);
            view.putInt(0, 1);
            new CookieGenerator(target.publicKey()).addMacs(view, 0, 148, simulation.nowNs());
            return message;
        }

        /** Something that lasts: a flood, sends or writes that fail, silence, another key, another peer. */
        void disturb() {
            switch (disturbance++ % 7) {
                case 0 -> {
                    simulation.network().faults(NetworkFaults.NONE);
                    for (int i = 0; i < 1_000; i++) {
                        simulation.inject(STRANGER, bob.address(), initiation(bob));
                    }
                    simulation.network().faults(BAD);
                }
                case 1 -> {
                    failSends(Errno.ENETUNREACH);
                    simulation.after(SECOND, () -> failSends(0));
                }
                case 2 -> {
                    bob.device().up(false);
                    simulation.after(SECOND, () -> bob.device().up(true));
                }
                case 3 -> {
                    simulation.network().cut(alice.underlay(), bob.underlay());
                    simulation.after(6 * SECOND, () -> simulation.network().heal());
                }
                case 4 -> {
                    alice.apply(Updates.privateKey(new byte[32]));
                    simulation.after(SECOND, alice::restorePrivateKey);
                }
                case 5 -> {
                    alice.apply(SimulatedPeer.of(bob).removal());
                    simulation.after(SECOND, () -> alice.apply(SimulatedPeer.of(bob)));
                }
                default -> alice.apply(strangePeers(simulation));
            }
        }

        private void failSends(int errno) {
            Objects.requireNonNull(alice.sockets().latest()).memory().failSends(errno);
        }

        void exhaust(SimulatedHost host, SimulatedHost other) {
            var peer = host.tables().allowedIps().lookup(other.overlay());
            if (peer != null && peer.keypairs().current() != null) {
                Objects.requireNonNull(peer.keypairs().current())
                        .sentMessages(ProtocolLimits.REJECT_AFTER_MESSAGES);
            }
        }
    }
}
