package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.SegmentReport;
import io.ovl.config.model.Encap;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.path.PeerTarget;
import io.ovl.dataplane.path.TunnelTarget;
import io.ovl.dataplane.testing.InMemoryTap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

class SegmentConfiguratorTest {
    private final SegmentLab lab = new SegmentLab();

    private void apply(SegmentUpdate update) throws ControlException {
        lab.segments.apply(update);
    }

    private void refuse(SegmentUpdate update, int exit, String message) {
        assertThatThrownBy(() -> apply(update))
                .isInstanceOfSatisfying(
                        ControlException.class, e -> assertThat(e.exit()).isEqualTo(exit))
                .hasMessageContaining(message);
    }

    private List<String> names() {
        return lab.segments.segments().stream().map(SegmentReport::name).toList();
    }

    @Test
    void shouldOpenSetUpAndConnectTheTapOfANewSegment() throws ControlException {
        lab.edges.bridges.add("br0");
        apply(
                SegmentUpdate.put(
                        SegmentLab.section("lan", 10, "ovl-lan", "br0", Encap.WIREGUARD, null)));
        assertThat(lab.edges.tap("ovl-lan").isUp()).isTrue();
        assertThat(lab.edges.tap("ovl-lan").bridge()).isEqualTo("br0");
        assertThat(lab.edges.tap("ovl-lan").mtu()).isEqualTo(1418);
        assertThat(lab.segment(10).ownMac()).isEqualTo(lab.edges.tap("ovl-lan").mac());
        assertThat(lab.segment(10).tap()).isNotNull();
        assertThat(lab.segments.segments().getFirst().mtu()).isEqualTo(1418);
    }

    @Test
    void shouldLetEachSegmentLearnAsManyAddressesAsItMay() throws ControlException {
        SegmentSection[] sections =
                IntStream.rangeClosed(1, 100)
                        .mapToObj(vni -> SegmentLab.sealed("s" + vni, vni, "tap" + vni))
                        .toArray(SegmentSection[]::new);
        apply(SegmentLab.all(sections));
        int most = 0;
        for (SegmentSection section : sections) {
            int tap = Objects.requireNonNull(lab.segment(section.vni()).tap()).id();
            most += section.maxMacs();
            for (int i = 0; i <= section.maxMacs(); i++) {
                lab.tables.fdb().learn(section.vni(), SegmentLab.MAC + i, 0, tap, i);
            }
        }
        assertThat(most).isGreaterThan(ForwardingDatabase.DEFAULT_MAX_ENTRIES);
        assertThat(lab.tables.fdb().learnedCount()).isEqualTo(most);
    }

    @Test
    void shouldCloseTheTapAndForgetEverythingOfASegmentThatIsRemoved() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        apply(
                new SegmentUpdate(
                        false,
                        List.of(SegmentLab.lan()),
                        List.of(),
                        List.of(SegmentLab.member(peer, "lan")),
                        null));
        lab.tables.fdb().learn(10, SegmentLab.MAC, 0, peer.peer.portId(), 1);
        apply(SegmentUpdate.remove("lan"));
        assertThat(names()).isEmpty();
        assertThat(lab.tables.fdb().learnedCount()).isZero();
        assertThat(peer.peer.portId()).isEqualTo(Port.NONE);
        assertThat(lab.segments.membership(peer.peer.publicKey()).segments()).isEmpty();
        assertThat(lab.edges.tap("ovl-lan").isClosed()).isFalse();
        lab.poll();
        assertThat(lab.edges.tap("ovl-lan").isClosed()).isTrue();
        assertThat(lab.tables.ports().count()).isZero();
    }

    @Test
    void shouldUseATapAgainThatTheWorkersHaveNotLetGoYet() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.lan()));
        apply(SegmentUpdate.remove("lan"));
        apply(SegmentUpdate.put(SegmentLab.lan()));
        lab.poll();
        assertThat(lab.edges.tap("ovl-lan").isClosed()).isFalse();
        assertThat(lab.tables.ports().count()).isEqualTo(1);
    }

    @Test
    void shouldKeepEntriesWhenOnlySettingsChange() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.lan()));
        lab.segments.fdb().add(SegmentLab.address("lan"), "tap", "ovl-lan", false);
        Segment before = lab.segment(10);
        apply(
                SegmentUpdate.put(
                        SegmentLab.section("lan", 10, "ovl-lan", null, Encap.WIREGUARD, 1300)));
        assertThat(lab.segment(10)).isSameAs(before);
        assertThat(lab.edges.tap("ovl-lan").mtu()).isEqualTo(1300);
        assertThat(lab.segments.fdb().entries(FdbQuery.ALL)).hasSize(1);
    }

    @Test
    void shouldSwapTheVnisOfTwoSegments() throws ControlException {
        apply(SegmentLab.all(SegmentLab.sealed("a", 1, "ta"), SegmentLab.sealed("b", 2, "tb")));
        apply(SegmentLab.all(SegmentLab.sealed("a", 2, "ta"), SegmentLab.sealed("b", 1, "tb")));
        lab.poll();
        assertThat(lab.segment(1).name()).isEqualTo("b");
        assertThat(lab.segment(2).name()).isEqualTo("a");
        assertThat(lab.edges.tap("ta").isClosed()).isFalse();
        assertThat(lab.tables.ports().count()).isEqualTo(2);
    }

    @Test
    void shouldChangeNothingWhenADeviceCannotBeHad() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.sealed("a", 1, "ta")));
        lab.edges.busy.add("tc");
        refuse(
                SegmentLab.all(
                        SegmentLab.section("a", 1, "ta", null, Encap.WIREGUARD, 1300),
                        SegmentLab.sealed("b", 2, "tb"),
                        SegmentLab.sealed("c", 3, "tc")),
                ExitCode.CONFLICT,
                "EBUSY");
        lab.poll();
        assertThat(names()).containsExactly("a");
        assertThat(lab.edges.tap("ta").mtu()).isEqualTo(1418);
        assertThat(lab.edges.tap("tb").isClosed()).isTrue();
        refuse(
                SegmentUpdate.put(
                        SegmentLab.section("d", 4, "td", "nobridge", Encap.WIREGUARD, null)),
                ExitCode.NO_SUCH_OBJECT,
                "no bridge");
        lab.poll();
        assertThat(lab.edges.tap("td").isClosed()).isTrue();
    }

    @Test
    void shouldRefuseWhatDoesNotFitTogether() throws ControlException {
        apply(
                SegmentLab.all(
                        SegmentLab.lan(),
                        SegmentLab.clear("dmz", 20, "ovl-dmz", "192.0.2.2:4789")));
        PeerControl peer = lab.peer(1, "b");
        refuse(
                SegmentUpdate.put(SegmentLab.sealed("x", 10, "tx")),
                ExitCode.CONFLICT,
                "VNI 10 is that of segment \"lan\"");
        refuse(
                SegmentUpdate.put(SegmentLab.sealed("x", 11, "ovl-lan")),
                ExitCode.CONFLICT,
                "ovl-lan is the port of segment \"lan\"");
        refuse(
                SegmentUpdate.put(SegmentLab.sealed("lan", 20, "ovl-lan")),
                ExitCode.CONFLICT,
                "VNI 20 is that of segment \"dmz\"");
        refuse(
                SegmentUpdate.put(SegmentLab.sealed("lan", 10, "ovl-dmz")),
                ExitCode.CONFLICT,
                "ovl-dmz is the port of segment \"dmz\"");
        refuse(
                SegmentUpdate.put(SegmentLab.sealed("x", 1 << 24, "tx")),
                ExitCode.INVALID_CONFIG,
                "16777215");
        refuse(
                SegmentLab.all(SegmentLab.lan(), SegmentLab.lan()),
                ExitCode.CONFLICT,
                "\"lan\" is there twice");
        refuse(SegmentUpdate.remove("x"), ExitCode.NO_SUCH_OBJECT, "no segment x");
        refuse(
                SegmentUpdate.put(SegmentLab.member(peer, "x")),
                ExitCode.NO_SUCH_OBJECT,
                "no segment x");
        refuse(
                SegmentUpdate.put(SegmentLab.member(peer, "dmz")),
                ExitCode.INVALID_CONFIG,
                "in the clear");
        refuse(
                SegmentUpdate.put(
                        SegmentLab.section(
                                "x", 1, "tx", null, Encap.WIREGUARD, null, "192.0.2.2:4789")),
                ExitCode.INVALID_CONFIG,
                "in the clear");
        refuse(
                SegmentUpdate.put(
                        SegmentLab.clear("x", 1, "tx", "192.0.2.2:4789", "192.0.2.2:8472")),
                ExitCode.INVALID_CONFIG,
                "twice");
        refuse(
                SegmentUpdate.put(SegmentLab.clear("x", 1, "tx", "239.1.1.1:4789")),
                ExitCode.INVALID_CONFIG,
                "group");
        lab.edges.ownAddresses.add(Objects.requireNonNull(IpAddress.parse("192.0.2.1")));
        refuse(
                SegmentUpdate.put(SegmentLab.clear("x", 1, "tx", "192.0.2.1:4789")),
                ExitCode.INVALID_CONFIG,
                "own address");
        assertThat(names()).containsExactly("lan", "dmz");
    }

    @Test
    void shouldMakeAPeerAPortOfItsSegmentsAndOfNoOthers() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        apply(SegmentLab.all(SegmentLab.lan(), SegmentLab.sealed("lab", 30, "ovl-lab")));
        apply(SegmentUpdate.put(SegmentLab.member(peer, "lan", "lab")));
        int port = peer.peer.portId();
        assertThat(lab.segment(10).hasPort(port)).isTrue();
        assertThat(lab.segment(30).hasPort(port)).isTrue();
        assertThat(lab.tables.targets().target(port)).isInstanceOf(PeerTarget.class);
        lab.tables.fdb().learn(10, SegmentLab.MAC, 0, port, 1);
        lab.tables.fdb().learn(30, SegmentLab.MAC, 0, port, 1);
        apply(SegmentUpdate.put(SegmentLab.member(peer, "lab")));
        assertThat(peer.peer.portId()).isEqualTo(port);
        assertThat(lab.segment(10).hasPort(port)).isFalse();
        assertThat(lab.segments.fdb().entries(FdbQuery.ALL))
                .extracting(FdbReport::segment)
                .containsExactly("lab");
        apply(SegmentUpdate.put(SegmentLab.member(peer)));
        assertThat(peer.peer.portId()).isEqualTo(Port.NONE);
        assertThat(lab.tables.targets().target(port)).isNull();
        assertThat(lab.segments.fdb().entries(FdbQuery.ALL)).isEmpty();
    }

    @Test
    void shouldForgetAPeerThatIsRemoved() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        apply(SegmentUpdate.put(SegmentLab.lan()));
        apply(SegmentUpdate.put(SegmentLab.member(peer, "lan")));
        lab.peers.remove(peer);
        lab.poll();
        assertThat(lab.segments.segments().getFirst().peers()).isEmpty();
        assertThat(lab.tables.ports().count()).isEqualTo(1);
        assertThat(lab.segments.membership(peer.peer.publicKey()).segments()).isEmpty();
    }

    @Test
    void shouldIgnoreMembersThatAreNoPeers() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        lab.peers.remove(peer);
        apply(SegmentUpdate.put(SegmentLab.lan()));
        apply(SegmentUpdate.put(SegmentLab.member(peer, "lan")));
        assertThat(lab.segments.membership(peer.peer.publicKey()).segments()).isEmpty();
    }

    @Test
    void shouldTalkStandardVxlanFromAnAddressInTheVtepsNetwork() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        IpAddress vtep = Objects.requireNonNull(IpAddress.parse("10.77.0.2"));
        PeerSegments member = new PeerSegments(peer.peer.publicKey(), List.of("lan"), vtep);
        refuse(
                new SegmentUpdate(
                        false, List.of(SegmentLab.lan()), List.of(), List.of(member), null),
                ExitCode.INVALID_CONFIG,
                "needs an address of ours");
        apply(
                new SegmentUpdate(
                        false,
                        List.of(SegmentLab.lan()),
                        List.of(),
                        List.of(member),
                        List.of(
                                Objects.requireNonNull(IpPrefix.parse("192.168.1.1/24")),
                                Objects.requireNonNull(IpPrefix.parse("10.77.0.1/24")))));
        TunnelTarget target = lab.tables.targets().target(peer.peer.portId());
        assertThat(target)
                .isInstanceOfSatisfying(
                        PeerTarget.class,
                        it -> assertThat(it.localVtep()).hasToString("10.77.0.1"));
        assertThat(lab.edges.tap("ovl-lan").mtu()).isEqualTo(1390);
    }

    @Test
    void shouldFollowTheUnderlaysMtuUnlessOneIsSet() throws ControlException {
        PeerControl peer = lab.peer(1, "b", "[2001:db8::2]:51820");
        apply(
                new SegmentUpdate(
                        false,
                        List.of(
                                SegmentLab.lan(),
                                SegmentLab.section("f", 2, "tf", null, Encap.WIREGUARD, 1200)),
                        List.of(),
                        List.of(SegmentLab.member(peer, "lan", "f")),
                        null));
        assertThat(lab.edges.tap("ovl-lan").mtu()).isEqualTo(1398);
        lab.edges.underlayMtu = 1400;
        lab.clock.advance(1_000_000_000L);
        lab.poll();
        assertThat(lab.edges.tap("ovl-lan").mtu()).isEqualTo(1298);
        assertThat(lab.edges.tap("tf").mtu()).isEqualTo(1200);
    }

    @ParameterizedTest
    @CsvSource({"0, l3, 1440, compact, 1418", "1280, l3, 1220, compact, 1198"})
    void shouldExplainTheMtuOfEachPath(
            int underlayMtu, String mode, int mtu, String segmentMode, int segmentMtu)
            throws ControlException {
        PeerControl peer = lab.peer(1, "b", "192.0.2.2:51820");
        apply(SegmentUpdate.put(SegmentLab.lan()));
        apply(SegmentUpdate.put(SegmentLab.member(peer, "lan")));
        var paths = lab.segments.mtus("b", underlayMtu);
        assertThat(paths).hasSize(2);
        assertThat(paths.getFirst().mode()).isEqualTo(mode);
        assertThat(paths.getFirst().mtu()).isEqualTo(mtu);
        assertThat(paths.getLast().mode()).isEqualTo(segmentMode);
        assertThat(paths.getLast().mtu()).isEqualTo(segmentMtu);
        assertThat(paths.getLast().explanation())
                .anyMatch(line -> line.startsWith("=") && line.contains("" + segmentMtu));
        assertThatThrownBy(() -> lab.segments.mtus("nobody", 0))
                .hasMessageContaining("no path leads to nobody");
    }

    @Test
    void shouldShareSocketsBetweenSegmentsInTheClear() throws ControlException {
        apply(
                SegmentLab.all(
                        SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789"),
                        SegmentLab.clear("b", 2, "tb", "192.0.2.2:4789")));
        assertThat(lab.edges.sockets).hasSize(1);
        apply(SegmentUpdate.remove("a"));
        lab.poll();
        assertThat(lab.edges.sockets.getFirst().isClosed()).isFalse();
        apply(SegmentUpdate.remove("b"));
        lab.poll();
        assertThat(lab.edges.sockets.getFirst().isClosed()).isTrue();
        assertThat(lab.tables.vteps().vteps()).isEmpty();
        assertThat(lab.tables.ports().count()).isZero();
    }

    @Test
    void shouldChangeTheRemotesOfARunningSegment() throws ControlException {
        apply(
                SegmentUpdate.put(
                        SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789", "192.0.2.3:4789")));
        Segment before = lab.segment(1);
        lab.segments.fdb().add(SegmentLab.address("a"), "vtep", "192.0.2.2", false);
        apply(
                SegmentUpdate.put(
                        SegmentLab.clear("a", 1, "ta", "192.0.2.3:4789", "192.0.2.4:4789")));
        assertThat(lab.segment(1)).isSameAs(before);
        assertThat(lab.tables.vteps().vteps())
                .extracting(vtep -> vtep.address().ip().toString())
                .containsExactly("192.0.2.3", "192.0.2.4");
        assertThat(lab.segments.fdb().entries(FdbQuery.ALL)).isEmpty();
    }

    @Test
    void shouldTakeInVtepsThatItMeetsButNotFloodToThem() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789")));
        UdpAddress met = Objects.requireNonNull(UdpAddress.parse("192.0.2.9:50000"));
        lab.segments.onVtepMet(lab.segment(1), met);
        Port tap = Objects.requireNonNull(lab.segment(1).tap());
        assertThat(lab.segment(1).floodList().targetCount(tap)).isEqualTo(1);
        assertThat(lab.tables.vteps().vteps().getLast().address()).hasToString("192.0.2.9:4789");
        apply(SegmentUpdate.put(SegmentLab.clear("a", 1, "ta", "192.0.2.9:4789")));
        assertThat(lab.segment(1).floodList().targetCount(tap)).isEqualTo(1);
        assertThat(lab.tables.vteps().vteps()).hasSize(1);
    }

    @Test
    void shouldForgetVtepsThatItMetOnceNothingIsKnownBehindThem() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789")));
        for (int i = 3; i <= 5; i++) {
            lab.segments.onVtepMet(
                    lab.segment(1),
                    Objects.requireNonNull(UdpAddress.parse("192.0.2." + i + ":1")));
        }
        lab.segments.fdb().add(SegmentLab.address("a"), "vtep", "192.0.2.3", false);
        lab.tables
                .fdb()
                .learn(1, SegmentLab.MAC + 1, 0, lab.tables.vteps().vteps().get(2).portId(), 1);

        lab.clock.advance(299_000_000_000L);
        lab.poll();
        assertThat(vteps()).containsExactly("192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5");

        lab.clock.advance(1_000_000_000L);
        lab.poll();
        assertThat(vteps()).containsExactly("192.0.2.2", "192.0.2.3", "192.0.2.4");
        lab.poll();
        assertThat(lab.tables.ports().count()).isEqualTo(4);
    }

    private List<String> vteps() {
        return lab.tables.vteps().vteps().stream()
                .map(vtep -> vtep.address().ip().toString())
                .toList();
    }

    @Test
    void shouldMarkWhatIsSentInTheClear() throws ControlException, DeviceException {
        lab.segments.fwmark(7);
        apply(SegmentUpdate.put(SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789")));
        assertThat(lab.edges.sockets.getFirst().fwmark()).isEqualTo(7);
        lab.segments.fwmark(8);
        assertThat(lab.edges.sockets.getFirst().fwmark()).isEqualTo(8);

        apply(SegmentUpdate.remove("a"));
        lab.segments.fwmark(9);
        apply(SegmentUpdate.put(SegmentLab.clear("a", 1, "ta", "192.0.2.2:4789")));
        assertThat(lab.edges.sockets).hasSize(1);
        assertThat(lab.edges.sockets.getFirst().fwmark()).isEqualTo(9);
    }

    @Test
    void shouldMakeATapAnewThatWasDeleted() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.lan()));
        var first = lab.edges.tap("ovl-lan");
        lab.segments.onTapGone(Objects.requireNonNull(lab.segment(10).tap()).id());
        assertThat(lab.segment(10).tap()).isNull();
        assertThat(lab.segments.segments().getFirst().mtu()).isZero();
        lab.poll();
        lab.clock.advance(1_000_000_000L);
        lab.poll();
        assertThat(lab.segment(10).tap()).isNotNull();
        assertThat(lab.edges.tap("ovl-lan")).isNotSameAs(first);
        assertThat(lab.edges.notices).hasSize(2);
    }

    @Test
    void shouldTakeBackWhatWasPreparedAndNotCommitted() throws ControlException {
        try (SegmentControl.PreparedUpdate prepared =
                lab.segments.prepare(SegmentUpdate.put(SegmentLab.lan()))) {
            assertThat(prepared).isNotNull();
            assertThat(lab.edges.tap("ovl-lan").isClosed()).isFalse();
        }
        lab.poll();
        assertThat(lab.edges.tap("ovl-lan").isClosed()).isTrue();
        assertThat(names()).isEmpty();
    }

    @Test
    void shouldAskForTheMtuOfAnAddressOnceHoweverManySegmentsLeadThere() throws ControlException {
        String[] names = new String[50];
        SegmentSection[] sections = new SegmentSection[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = "s" + i;
            sections[i] = SegmentLab.sealed(names[i], 100 + i, "tap" + i);
        }
        List<PeerSegments> members = new ArrayList<>();
        for (int key = 1; key <= 20; key++) {
            String endpoint = "192.0.2." + (1 + key % 2) + ":51820";
            members.add(SegmentLab.member(lab.peer(key, "peer-" + key, endpoint), names));
        }
        apply(new SegmentUpdate(true, List.of(sections), List.of(), members, null));
        lab.edges.mtuQuestions = 0;
        lab.edges.hasHostChanged = true;
        pass(1);
        assertThat(lab.edges.mtuQuestions).isEqualTo(2);
    }

    @Test
    void shouldAskTheKernelNothingWhileNothingChanges() throws ControlException {
        PeerControl peer = lab.peer(1, "b", "192.0.2.2:51820");
        apply(
                new SegmentUpdate(
                        true,
                        List.of(SegmentLab.lan()),
                        List.of(),
                        List.of(SegmentLab.member(peer, "lan")),
                        null));
        InMemoryTap tap = lab.edges.tap("ovl-lan");
        pass(1);
        lab.edges.mtuQuestions = 0;
        tap.refreshCount = 0;
        pass(60);
        assertThat(lab.edges.mtuQuestions).isZero();
        assertThat(tap.refreshCount).isZero();

        peer.peer.endpoint(Endpoint.of(Objects.requireNonNull(UdpAddress.parse("[fd00::2]:1"))));
        pass(1);
        assertThat(tap.mtu()).isEqualTo(1398);
        assertThat(lab.edges.mtuQuestions).isOne();

        lab.edges.hasHostChanged = true;
        pass(2);
        assertThat(lab.edges.mtuQuestions).isEqualTo(2);
        assertThat(tap.refreshCount).isOne();
    }

    @Test
    void shouldLookEachSecondAtATapWhoseChangesNobodyTells() throws ControlException {
        apply(SegmentUpdate.put(SegmentLab.lan()));
        InMemoryTap tap = lab.edges.tap("ovl-lan");
        pass(1);
        tap.isOutOfSight = true;
        tap.refreshCount = 0;
        pass(3);
        assertThat(tap.refreshCount).isEqualTo(3);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            lab.clock.advance(1_000_000_000L);
            lab.poll();
        }
    }

    @Test
    void shouldForgetTheMembershipOfPeersThatAreRemovedAndComeBack() throws ControlException {
        PeerControl first = lab.peer(1, "first");
        PeerControl second = lab.peer(2, "second");
        apply(
                new SegmentUpdate(
                        true,
                        List.of(SegmentLab.lan()),
                        List.of(),
                        List.of(SegmentLab.member(first, "lan"), SegmentLab.member(second, "lan")),
                        null));
        lab.peers.remove(first);
        lab.peers.remove(second);
        PeerControl again = lab.peer(1, "again");
        assertThat(lab.segments.membership(again.peer.publicKey()).segments()).isEmpty();
        apply(SegmentUpdate.put(SegmentLab.member(again, "lan")));
        assertThat(lab.segments.segments().getFirst().peers()).containsExactly("again");
    }
}
