package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.simulation.Lan.Machine;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.SimulatedPeer;
import io.ovl.dataplane.testing.Simulation;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/** Segments that come, go and change while their frames are under way. */
class SegmentChangesTest extends SimulationTest {
    private static final Machine ALICES = new Machine(0x0200_0000_0a11L, 0);
    private static final Machine BOBS = new Machine(0x0200_0000_0b0bL, 0);

    private final Lan lan = new Lan(10, List.of(alice, bob));

    @BeforeEach
    void placeMachines() {
        lan.place(ALICES, alice);
        lan.place(BOBS, bob);
    }

    /** A frame of Alice's waits for a session with Bob. */
    private void stageFrame() {
        Simulation.connect(alice, bob);
        lan.sealed();
        simulation.network().cut(alice.underlay(), bob.underlay());
        lan.announce(ALICES);
        simulation.run(SECOND);
    }

    /** The network is whole again, and the handshake that was waited for is done. */
    private void heal() {
        simulation.network().heal();
        simulation.run(10 * SECOND);
        assertThat(bob.conductorCounters().responsesSent()).isPositive();
    }

    @Test
    void shouldSendWhatIsStagedOnceThereIsSession() {
        stageFrame();

        heal();

        assertThat(bob.takeFrames(lan.tap())).hasSize(1);
    }

    @Test
    void shouldNotSendWhatIsStagedForPeerThatHasLeftSegment() {
        stageFrame();

        alice.apply(SegmentUpdate.put(new PeerSegments(bob.publicKey(), List.of(), null)));
        heal();

        checkNotSent();
    }

    @Test
    void shouldNotSendWhatIsStagedForSegmentThatIsGone() {
        stageFrame();

        alice.apply(SegmentUpdate.remove(lan.tap()));
        heal();

        checkNotSent();
    }

    @Test
    void shouldNotSendWhatIsStagedInFormThatPeerNoLongerTakes() {
        stageFrame();

        List<String> segments = List.of(lan.tap());
        alice.apply(SegmentUpdate.put(new PeerSegments(bob.publicKey(), segments, bob.overlay())));
        heal();

        checkNotSent();
    }

    private void checkNotSent() {
        assertThat(bob.takeFrames(lan.tap())).isEmpty();
        assertThat(alice.dropped(DropReason.NO_PEER)).isOne();
    }

    @Test
    void shouldForgetMachinesBehindPeerThatIsGone() {
        Simulation.connect(alice, bob);
        lan.sealed();
        lan.announce(BOBS);
        simulation.run(SECOND);
        assertThat(lan.behind(alice, BOBS)).isEqualTo(bob.underlay().toString());
        int ports = alice.switchTables().ports().count();

        alice.apply(SimulatedPeer.of(bob).removal());
        simulation.run(SECOND);
        lan.send(ALICES, BOBS.mac());
        simulation.run(SECOND);

        assertThat(lan.behind(alice, BOBS)).isEqualTo("nothing");
        assertThat(alice.switchTables().ports().count()).isEqualTo(ports - 1);
        assertThat(alice.dropped(DropReason.FDB_MISS_NO_FLOOD)).isOne();
    }

    @Test
    void shouldMakeTapAnewThatWasDeletedAndLearnAgain() {
        Simulation.connect(alice, bob);
        lan.sealed();
        lan.announce(ALICES);
        lan.announce(BOBS);
        simulation.run(SECOND);
        Port before = tapPort();

        alice.segmentEdges().tap(lan.tap()).device().delete();
        simulation.run(5 * SECOND);
        lan.announce(ALICES);
        simulation.run(SECOND);

        assertThat(tapPort()).isNotNull().isNotEqualTo(before);
        lan.checkConverged();
        assertThat(alice.segmentEdges().notices).hasSize(2);
    }

    @Test
    void shouldNoticeThatTapIsGoneWhenThereWasNoRoomToSaySo() {
        lan.sealOn(alice);
        simulation.run(SECOND);
        alice.pauseConductor(true);
        byte[] initiation = new byte[148];
        initiation[0] = 1;
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 1000; j++) {
                simulation.inject(bob.address(), alice.address(), initiation);
            }
            simulation.settle();
        }
        assertThat(alice.dropped(DropReason.HANDSHAKE_QUEUE_FULL)).isPositive();
        Port before = tapPort();
        alice.segmentEdges().tap(lan.tap()).device().delete();
        simulation.settle();

        alice.pauseConductor(false);
        simulation.run(5 * SECOND);

        assertThat(tapPort()).isNotNull().isNotEqualTo(before);
    }

    private @Nullable Port tapPort() {
        Segment segment = alice.switchTables().segments().segment(lan.vni);
        return Objects.requireNonNull(segment).tap();
    }

    @Test
    void shouldFindVtepsOfOpenSegmentByItself() {
        SimulatedHost carol = simulation.addHost("192.0.2.3", "10.0.0.3");
        Machine carols = new Machine(0x0200_0000_0ca0L, 0);
        Lan clear = new Lan(30, List.of(alice, bob, carol));
        clear.putClear(alice, List.of(), true);
        clear.putClear(bob, List.of(alice), false);
        clear.putClear(carol, List.of(alice), false);
        clear.place(ALICES, alice);
        clear.place(BOBS, bob);
        clear.place(carols, carol);
        // The first frame of each makes it known, the second one passes.
        for (int i = 0; i < 2; i++) {
            clear.announce(BOBS);
            clear.announce(carols);
            simulation.run(SECOND);
        }
        clear.announce(ALICES);
        simulation.run(SECOND);

        assertThat(clear.behind(alice, BOBS)).isEqualTo(bob.underlay().toString());
        assertThat(clear.behind(alice, carols)).isEqualTo(carol.underlay().toString());
        assertThat(alice.dropped(DropReason.VXLAN_UNKNOWN_VTEP)).isEqualTo(2);
        // Nothing is flooded to whom nobody has named.
        assertThat(clear.behind(bob, ALICES)).isEqualTo("nothing");
        assertThat(alice.dropped(DropReason.FDB_MISS_NO_FLOOD)).isOne();
        long answer = clear.send(ALICES, BOBS.mac());
        simulation.run(SECOND);
        clear.collect();
        assertThat(clear.receiversOf(answer)).containsExactly(bob);

        clear.putClear(alice, List.of(), false);
        clear.announce(BOBS);
        simulation.run(SECOND);

        assertThat(clear.behind(alice, BOBS)).isEqualTo("nothing");
        assertThat(alice.switchTables().vteps().vteps()).isEmpty();
        assertThat(alice.dropped(DropReason.VXLAN_UNKNOWN_VTEP)).isEqualTo(3);
    }
}
