package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.control.FdbAddress;
import io.ovl.dataplane.control.FdbQuery;
import io.ovl.dataplane.simulation.Lan.Machine;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.testing.SimulatedFrame;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.Simulation;
import io.ovl.dataplane.vxlan.VtepTable;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;

/** Peers and VTEPs that send what they may not: each frame is a counted drop, and no table changes. */
class HostileFramesTest extends SimulationTest {
    private static final int LAN = 10;
    private static final int OTHER = 20;
    private static final int CLEAR = 30;
    private static final Machine BOBS = new Machine(0x0200_0000_0b0bL, 0);
    private static final Machine ALICES = new Machine(0x0200_0000_0a11L, 0);
    private static final Machine MALLORYS = new Machine(0x0200_000e_ee00L, 0);

    private final SimulatedHost mallory = simulation.addHost("192.0.2.66", "10.0.0.66");
    private final Lan lan = new Lan(LAN, List.of(alice, bob));
    private List<String> before = List.of();

    @BeforeEach
    void setUp() {
        Simulation.connect(alice, bob);
        Simulation.connect(alice, mallory);
        lan.sealed();
        lan.place(ALICES, alice);
        lan.place(BOBS, bob);
        lan.announce(ALICES);
        simulation.run(SECOND);
        lan.announce(BOBS);
        simulation.run(SECOND);
        lan.checkConverged();
        // A session, so that nothing of what follows waits for one.
        mallory.send(alice, -1);
        simulation.settle();
        alice.takeDelivered();
        alice.takeFrames(lan.tap());
    }

    private static List<String> entries(SimulatedHost host) {
        return host.fdb().stream()
                .map(HostileFramesTest::withoutAge)
                .map(FdbReport::toString)
                .toList();
    }

    private static FdbReport withoutAge(FdbReport entry) {
        return new FdbReport(
                entry.mac(),
                entry.vni(),
                entry.segment(),
                entry.vlan(),
                entry.kind(),
                entry.port(),
                entry.state(),
                0);
    }

    /** Alice has dropped {@code count} frames for that reason and taken no notice of them otherwise. */
    private void checkDropped(DropReason reason, String tap, int count) {
        assertThat(alice.dropped(reason)).isEqualTo(count);
        assertThat(alice.takeFrames(tap)).isEmpty();
        assertThat(entries(alice)).isEqualTo(before);
        assertThat(alice.unaccountedInbound()).isZero();
        lan.checkConverged();
    }

    private void sendFromMallory(Lan hers, long source, long destination) {
        before = entries(alice);
        hers.place(new Machine(source, 0), mallory);
        hers.send(new Machine(source, 0), destination);
        simulation.run(SECOND);
    }

    /** What Mallory has configured, and Alice not, or not so. */
    private Lan malloryThinksSheIsIn(int vni) {
        Lan hers = new Lan(vni, List.of(mallory, alice));
        hers.sealOn(mallory);
        return hers;
    }

    @Test
    void shouldRefusePeerThatIsInNoSegment() {
        Lan hers = malloryThinksSheIsIn(LAN);

        sendFromMallory(hers, BOBS.mac(), ALICES.mac());

        // To a peer without segments Alice is any WireGuard: it takes IP packets alone.
        checkDropped(DropReason.MALFORMED_INNER_PACKET, lan.tap(), 1);
    }

    @Test
    void shouldRefusePeerThatIsInAnotherSegment() {
        new Lan(OTHER, List.of(alice, mallory)).sealOn(alice);
        Lan hers = malloryThinksSheIsIn(LAN);

        sendFromMallory(hers, BOBS.mac(), ALICES.mac());
        sendFromMallory(hers, MALLORYS.mac(), SimulatedFrame.BROADCAST);

        checkDropped(DropReason.VXLAN_UNKNOWN_VNI, lan.tap(), 2);
    }

    @Test
    void shouldRefuseVniThatNobodyHas() {
        new Lan(OTHER, List.of(alice, mallory)).sealOn(alice);
        Lan hers = malloryThinksSheIsIn(4711);

        sendFromMallory(hers, MALLORYS.mac(), SimulatedFrame.BROADCAST);

        checkDropped(DropReason.VXLAN_UNKNOWN_VNI, lan.tap(), 1);
    }

    @Test
    void shouldRefuseStaticAddressOfAnotherPort() throws ControlException {
        Lan all = new Lan(OTHER, List.of(alice, bob, mallory));
        Simulation.connect(bob, mallory);
        all.sealed();
        FdbQuery segment = new FdbQuery(all.tap(), null, null, null, null, null);
        String port = bob.publicKey().base64();
        alice.segments().fdb().add(new FdbAddress(segment, BOBS.mac(), 0), "peer", port, false);

        sendFromMallory(all, BOBS.mac(), SimulatedFrame.BROADCAST);

        checkDropped(DropReason.FDB_STATIC_CONFLICT, all.tap(), 1);
    }

    @Test
    void shouldRefuseItsOwnAddressFromTunnel() {
        Lan all = new Lan(OTHER, List.of(alice, mallory));
        all.sealed();
        long own = alice.segmentEdges().tap(all.tap()).mac();

        sendFromMallory(all, own, SimulatedFrame.BROADCAST);

        checkDropped(DropReason.INVALID_SOURCE_MAC, all.tap(), 1);
    }

    @Test
    void shouldRefuseSourcesThatAreNoHosts() {
        Lan clear = new Lan(CLEAR, List.of(alice, mallory));
        clear.putClear(alice, List.of(mallory), false);
        before = entries(alice);

        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), SimulatedFrame.BROADCAST, CLEAR, 1));
        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), 0, CLEAR, 2));
        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), 0x0100_5e00_0001L, CLEAR, 3));

        checkDropped(DropReason.INVALID_SOURCE_MAC, clear.tap(), 3);
    }

    @Test
    void shouldRefuseVtepsThatItDoesNotKnow() {
        Lan clear = new Lan(CLEAR, List.of(alice, bob));
        clear.putClear(alice, List.of(bob), false);
        before = entries(alice);

        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), BOBS.mac(), CLEAR, 1));

        checkDropped(DropReason.VXLAN_UNKNOWN_VTEP, clear.tap(), 1);
        assertThat(alice.switchTables().vteps().vteps()).hasSize(1);
    }

    @Test
    void shouldRefuseVtepOfAnotherSegment() {
        new Lan(CLEAR, List.of(alice, bob)).putClear(alice, List.of(bob), false);
        Lan hers = new Lan(CLEAR + 1, List.of(alice, mallory));
        hers.putClear(alice, List.of(mallory), false);
        before = entries(alice);

        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), BOBS.mac(), CLEAR, 1));

        checkDropped(DropReason.VXLAN_UNKNOWN_VTEP, hers.tap(), 1);
    }

    @Test
    void shouldNotTakeSealedSegmentsInTheClear() {
        new Lan(CLEAR, List.of(alice, mallory)).putClear(alice, List.of(mallory), true);
        before = entries(alice);

        injectClear(mallory, SimulatedFrame.of(ALICES.mac(), BOBS.mac(), LAN, 1));

        checkDropped(DropReason.VXLAN_UNKNOWN_VTEP, lan.tap(), 1);
    }

    @Test
    void shouldBoundWhatAnOpenSegmentTakesIn() {
        Lan clear = new Lan(CLEAR, List.of(alice));
        clear.putClear(alice, List.of(), true);
        int ports = alice.switchTables().ports().count();

        for (int round = 0; round < 3; round++) {
            for (int i = 1; i <= 1000; i++) {
                String source = "198.18." + i / 250 + "." + i % 250;
                UdpAddress vtep = new UdpAddress(Simulation.ip(source), VxlanFlyweight.PORT, 0);
                SimulatedFrame frame =
                        SimulatedFrame.of(ALICES.mac(), MALLORYS.mac() + i, CLEAR, i);
                simulation.inject(vtep, Lan.vtep(alice), vxlan(frame));
                simulation.settle();
            }
        }

        int met = VtepTable.MAX_MET;
        assertThat(alice.switchTables().vteps().vteps()).hasSizeLessThanOrEqualTo(met);
        assertThat(alice.switchTables().ports().count()).isLessThanOrEqualTo(ports + met);
        assertThat(alice.dropped(DropReason.VXLAN_UNKNOWN_VTEP)).isEqualTo(3000 - 2 * met);
        assertThat(alice.unaccountedInbound()).isZero();
        lan.checkConverged();
    }

    private void injectClear(SimulatedHost source, SimulatedFrame frame) {
        simulation.inject(Lan.vtep(source), Lan.vtep(alice), vxlan(frame));
        simulation.run(SECOND);
    }

    private static byte[] vxlan(SimulatedFrame frame) {
        byte[] bytes = frame.bytes();
        return ByteBuffer.allocate(VxlanFlyweight.HEADER_LENGTH + bytes.length)
                .putLong(VxlanFlyweight.VALID_VNI | (long) frame.vni() << 8)
                .put(bytes)
                .array();
    }
}
