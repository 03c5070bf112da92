package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.config.uapi.UapiErrno;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.dataplane.control.UpdateRefusedException;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.SimulatedDatagram;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPacket;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Updates of a daemon that carries packets all the while. */
class ReconfigurationTest extends SimulationTest {
    private static final int OTHER_PORT = 40_000;

    private static PeerState onlyPeerOf(SimulatedHost host) {
        assertThat(host.control().state().peers()).hasSize(1);
        return host.control().state().peers().getFirst();
    }

    private static NoisePrivateKey key(int value) {
        byte[] bytes = new byte[NoisePrivateKey.LENGTH];
        Arrays.fill(bytes, (byte) value);
        return NoisePrivateKey.copyOf(bytes, 0);
    }

    /** The bytes of a key that may have been wiped. */
    private static byte[] presharedKey(PeerUpdate update) {
        byte[] bytes = new byte[32];
        Objects.requireNonNull(update.presharedKey()).copyTo(bytes, 0);
        return bytes;
    }

    /** The other program on this host that has the port. */
    private void occupyPort() throws Exception {
        simulation.network().bind(OTHER_PORT, alice.underlay());
    }

    @Test
    void shouldComeBackSoonToWhatAWorkerHadNoRoomFor() {
        establish();
        for (int i = 0; i < 5_000; i++) {
            // Each switching on is a command to the worker, whose queue takes 4,096.
            alice.apply(SimulatedPeer.of(bob).keepalive(25));
            alice.apply(SimulatedPeer.of(bob).keepalive(0));
        }
        long nowNs = simulation.nowNs();
        assertThat(alice.nextDeadlineNs() - nowNs).isBetween(0L, 1_000_000L);
        simulation.run(1_000_000_000L);
        assertThat(alice.nextDeadlineNs() - simulation.nowNs()).isGreaterThan(1_000_000L);
    }

    @Test
    void shouldChangeNothingWhenPortIsInUse() throws Exception {
        establish();
        occupyPort();
        DeviceUpdate update =
                new DeviceUpdate(
                        key(5),
                        OTHER_PORT,
                        7,
                        true,
                        List.of(
                                SimulatedPeer.of(key(6).publicKey())
                                        .allowedIp("0.0.0.0/0")
                                        .presharedKey(1)
                                        .update()));

        UpdateRefusedException refused =
                catchThrowableOfType(
                        UpdateRefusedException.class, () -> alice.control().apply(update));

        assertThat(refused.errno()).isEqualTo(UapiErrno.PORT_IN_USE);
        assertThat(alice.control().state().listenPort()).isEqualTo(SimulatedHost.PORT);
        assertThat(alice.control().state().fwmark()).isZero();
        assertThat(onlyPeerOf(alice).publicKey()).isEqualTo(bob.publicKey());
        alice.send(bob, 1);
        bob.send(alice, 2);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(alice.takeDelivered()).containsExactly(2L);
        assertThat(simulation.takeWire()).allMatch(SimulatedDatagram::isData);
    }

    @Test
    void shouldWipeKeysOfRefusedUpdate() throws Exception {
        occupyPort();
        PeerUpdate peer = SimulatedPeer.of(bob).presharedKey(3).update();
        NoisePrivateKey privateKey = key(5);

        assertThatThrownBy(
                        () ->
                                alice.control()
                                        .apply(
                                                new DeviceUpdate(
                                                        privateKey,
                                                        OTHER_PORT,
                                                        null,
                                                        false,
                                                        List.of(peer))))
                .isInstanceOf(UpdateRefusedException.class);

        byte[] wiped = new byte[32];
        Arrays.fill(wiped, (byte) 1);
        privateKey.copyTo(wiped, 0);
        assertThat(wiped).containsOnly(0);
        assertThat(presharedKey(peer)).containsOnly(0);
    }

    @Test
    void shouldWipePresharedKeysOfPeersThatAreNotAdded() {
        List<PeerUpdate> ignored =
                List.of(
                        SimulatedPeer.of(bob).presharedKey(1).updateOnly().update(),
                        SimulatedPeer.of(bob).presharedKey(2).removal().update(),
                        SimulatedPeer.of(alice).presharedKey(3).update());

        alice.apply(new DeviceUpdate(null, null, null, false, ignored));

        assertThat(alice.control().state().peers()).isEmpty();
        for (PeerUpdate update : ignored) {
            assertThat(presharedKey(update)).containsOnly(0);
        }
    }

    @Test
    void shouldGoOnFromOtherPortWithSameSessions() {
        establish();

        alice.apply(Updates.listenPort(OTHER_PORT));
        alice.send(bob, 1);
        simulation.settle();
        bob.send(alice, 2);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(alice.takeDelivered()).containsExactly(2L);
        assertThat(alice.control().state().listenPort()).isEqualTo(OTHER_PORT);
        assertThat(onlyPeerOf(bob).endpoint())
                .isEqualTo(new UdpAddress(alice.underlay(), OTHER_PORT, 0));
        assertThat(simulation.takeWire()).allMatch(SimulatedDatagram::isData);
        // The old socket is closed: its port can be had again.
        alice.apply(Updates.listenPort(SimulatedHost.PORT));
        simulation.settle();
        assertThat(alice.control().state().listenPort()).isEqualTo(SimulatedHost.PORT);
    }

    @Test
    void shouldMarkSocketsNowAndAfterTheyAreReplaced() {
        alice.apply(new DeviceUpdate(null, null, 51, false, List.of()));
        assertThat(Objects.requireNonNull(alice.sockets().latest()).fwmark()).isEqualTo(51);

        alice.apply(Updates.listenPort(OTHER_PORT));

        assertThat(Objects.requireNonNull(alice.sockets().latest()).fwmark()).isEqualTo(51);
        assertThat(alice.control().state().fwmark()).isEqualTo(51);
    }

    @Test
    void shouldStartSessionsAnewWithOtherPrivateKey() {
        establish();
        NoisePrivateKey next = key(9);
        NoisePublicKey nextPublic = next.publicKey();

        alice.apply(new DeviceUpdate(next, null, null, false, List.of()));
        simulation.settle();

        assertThat(alice.tables().sessions().size()).isZero();
        bob.apply(
                SimulatedPeer.of(alice).removal(),
                SimulatedPeer.of(nextPublic)
                        .endpoint(alice.address())
                        .allowedIp(alice.overlay().toString()));
        alice.send(bob, 1);
        simulation.run(6 * SECOND);
        assertThat(bob.takeDelivered()).containsExactly(1L);
        assertThat(onlyPeerOf(bob).publicKey()).isEqualTo(nextPublic);
    }

    @Test
    void shouldConnectAtOnceWhenPrivateKeyIsTakenAwayAndGivenBack() {
        establish();
        simulation.run(SECOND);
        alice.apply(Updates.privateKey(new byte[32]));
        simulation.settle();
        alice.restorePrivateKey();

        alice.send(bob, 1);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldConnectAtOnceWhenPacketsHaveWaitedForPrivateKey() {
        establish();
        alice.apply(Updates.privateKey(new byte[32]));
        alice.send(bob, 1);
        simulation.run(SECOND);

        alice.restorePrivateKey();
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L);
    }

    @Test
    void shouldKeepSessionsWhenPrivateKeyIsSetToWhatItIs() {
        alice.apply(new DeviceUpdate(key(9), null, null, false, List.of()));
        NoisePublicKey publicKey = key(9).publicKey();
        alice.apply(SimulatedPeer.of(bob));
        bob.apply(
                SimulatedPeer.of(publicKey)
                        .endpoint(alice.address())
                        .allowedIp(alice.overlay().toString()));
        alice.send(bob, 1);
        simulation.settle();
        simulation.takeWire();

        alice.apply(new DeviceUpdate(key(9), null, null, false, List.of()));
        alice.send(bob, 2);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(1L, 2L);
        assertThat(simulation.takeWire()).hasSize(1).allMatch(SimulatedDatagram::isData);
    }

    @Test
    void shouldRemovePeerThatHasOwnNewKey() {
        NoisePublicKey own = key(9).publicKey();
        alice.apply(SimulatedPeer.of(bob), SimulatedPeer.of(own).allowedIp("10.0.0.9"));

        alice.apply(new DeviceUpdate(key(9), null, null, false, List.of()));
        alice.apply(SimulatedPeer.of(own).allowedIp("10.0.0.9"));

        assertThat(onlyPeerOf(alice).publicKey()).isEqualTo(bob.publicKey());
        assertThat(alice.tables().allowedIps().lookup(Simulation.ip("10.0.0.9"))).isNull();
    }

    @Test
    void shouldFreeEverythingOfRemovedPeer() {
        establish();
        bob.apply(SimulatedPeer.of(alice).keepalive(5));

        bob.apply(SimulatedPeer.of(alice).removal());
        simulation.settle();

        assertThat(bob.control().state().peers()).isEmpty();
        assertThat(bob.tables().sessions().size()).isZero();
        assertThat(bob.tables().allowedIps().lookup(alice.overlay())).isNull();
        assertThat(bob.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
        simulation.takeWire();
        alice.send(bob, 1);
        bob.send(alice, 2);
        simulation.run(10 * MINUTE);
        assertThat(bob.value(WorkerCounter.DEVICE_WRITE_PACKETS)).isEqualTo(1);
        assertThat(bob.dropped(DropReason.NO_PEER)).isEqualTo(1);
        assertThat(simulation.takeWire()).noneMatch(sent -> sent.source().equals(bob.address()));
    }

    @Test
    void shouldFreeStagedPacketsAndHandshakeOfRemovedPeer() {
        alice.apply(SimulatedPeer.of(bob));
        simulation.network().cut(alice.underlay(), bob.underlay());
        for (int i = 0; i < 100; i++) {
            alice.send(bob, i);
        }
        simulation.settle();
        simulation.takeWire();

        alice.apply(SimulatedPeer.of(bob).removal());
        simulation.run(10 * MINUTE);

        assertThat(alice.dropped(DropReason.HANDSHAKE_FAILED)).isEqualTo(100);
        assertThat(simulation.takeWire()).isEmpty();
        assertThat(alice.nextDeadlineNs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldConnectPeerThatIsRemovedAndAddedAgain() {
        establish();
        for (int i = 0; i < 10; i++) {
            alice.apply(SimulatedPeer.of(bob).removal());
            simulation.settle();
            alice.apply(SimulatedPeer.of(bob));
            simulation.run(6 * SECOND);
            alice.send(bob, i);
            simulation.settle();

            assertThat(bob.takeDelivered()).containsExactly((long) i);
            assertThat(alice.tables().sessions().size()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepSessionsOfPeersThatReplacementNamesAgain() {
        SimulatedHost carol = simulation.addHost("192.0.2.3", "10.0.0.3");
        establish();
        Simulation.connect(alice, carol);
        alice.send(carol, 1);
        simulation.settle();
        simulation.takeWire();

        alice.apply(
                SimulatedPeer.update(
                        true, SimulatedPeer.of(bob).endpoint(null).allowedIp("10.7.0.0/16")));
        alice.send(bob, 2);
        alice.send(carol, 3);
        simulation.settle();

        assertThat(bob.takeDelivered()).containsExactly(2L);
        assertThat(carol.takeDelivered()).containsExactly(1L);
        assertThat(alice.dropped(DropReason.NO_PEER)).isEqualTo(1);
        assertThat(simulation.takeWire()).hasSize(1).allMatch(SimulatedDatagram::isData);
        assertThat(onlyPeerOf(alice).allowedIps())
                .containsExactly(IpPrefix.parse("10.0.0.2/32"), IpPrefix.parse("10.7.0.0/16"));
    }

    @Test
    void shouldMoveAllowedIpToPeerNamedLast() {
        SimulatedHost carol = simulation.addHost("192.0.2.3", "10.0.0.3");
        establish();
        Simulation.connect(alice, carol);

        alice.apply(SimulatedPeer.of(carol.publicKey()).allowedIp(bob.overlay().toString()));
        carol.apply(SimulatedPeer.of(alice));
        alice.inject(SimulatedPacket.of(alice.overlay(), bob.overlay(), 5, 64));
        bob.send(alice, 6);
        simulation.settle();

        assertThat(carol.takeDelivered()).containsExactly(5L);
        assertThat(alice.takeDelivered()).isEmpty();
        assertThat(alice.dropped(DropReason.DISALLOWED_SOURCE)).isEqualTo(1);
        assertThat(alice.control().state().peers().getFirst().allowedIps()).isEmpty();
        assertThat(alice.control().state().peers().getLast().allowedIps()).hasSize(2);
    }

    @Test
    void shouldRemoveSingleAllowedIpOfItsOwnerOnly() {
        establish();
        SimulatedHost carol = simulation.addHost("192.0.2.3", "10.0.0.3");
        Simulation.connect(alice, carol);

        alice.apply(SimulatedPeer.of(carol.publicKey()).withoutAllowedIp("10.0.0.2/32"));
        assertThat(alice.tables().allowedIps().lookup(bob.overlay())).isNotNull();
        alice.apply(SimulatedPeer.of(bob.publicKey()).withoutAllowedIp("10.0.0.2/32"));

        assertThat(alice.tables().allowedIps().lookup(bob.overlay())).isNull();
    }

    @Test
    void shouldUseOtherPresharedKeyFromNextHandshakeOn() {
        establish();
        alice.apply(SimulatedPeer.of(bob).presharedKey(1));
        alice.send(bob, 1);
        simulation.settle();
        assertThat(bob.takeDelivered()).containsExactly(1L);
        simulation.run(181 * SECOND);

        alice.send(bob, 2);
        simulation.run(SECOND);
        assertThat(bob.takeDelivered()).isEmpty();

        bob.apply(SimulatedPeer.of(alice).presharedKey(1));
        simulation.run(6 * SECOND);
        assertThat(bob.takeDelivered()).containsExactly(2L);
    }
}
