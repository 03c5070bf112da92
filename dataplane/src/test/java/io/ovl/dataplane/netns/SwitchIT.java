package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.List;
import java.util.Map;

/** Where frames go, and to whom they do not: exact counts on four hosts, in a {@link SegmentLab}. */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SwitchIT {
    private static final String LAN = SegmentLab.SEGMENT;

    private final SegmentLab lab = new SegmentLab(4);
    private final Station a = lab.station(0);
    private final Station b = lab.station(1);
    private final Station c = lab.station(2);
    private final Station d = lab.station(3);
    private final Station.TapEnd tapA = a.end(LAN);
    private final Station.TapEnd tapB = b.end(LAN);
    private final Station.TapEnd tapC = c.end(LAN);
    private int lastStation;

    @AfterAll
    void close() {
        lab.close();
    }

    @AfterEach
    void setBack() {
        set("ageing", 300);
        set("maxMacs", 8_192);
        set("floodLimit", 10_000);
        set("learning", true);
        a.control.call("fdb.flush", "all", true);
    }

    private void set(String setting, Object value) {
        a.control.call("segments.set", "name", LAN, setting, value);
    }

    /** An address that no test has used. */
    private String newMac(Station station) {
        return station.mac(++lastStation);
    }

    /** Makes host a know that an address is behind a station. */
    private void learn(Station station, String mac) {
        station.end(LAN).send(Frame.marked(Frame.BROADCAST, mac, lab.newMark()));
        assertThat(Eventually.comesTrue(() -> a.control.portOf(LAN, mac).equals(station.name)))
                .as("%s is known to be behind %s", mac, station.name)
                .isTrue();
    }

    private Frame toAll(String source) {
        return Frame.marked(Frame.BROADCAST, source, lab.newMark());
    }

    private Frame to(String destination) {
        return Frame.marked(destination, a.mac(0), lab.newMark());
    }

    @Test
    void shouldFloodOnceToEveryHost() {
        assertThat(lab.arrivals(a, toAll(a.mac(0)), 10)).containsExactly(10, 10, 10);
        assertThat(lab.arrivals(a, to(Frame.MULTICAST), 10)).containsExactly(10, 10, 10);
        assertThat(lab.arrivals(a, to(newMac(c)), 10)).containsExactly(10, 10, 10);
    }

    @Test
    void shouldSendToOneHostWhatIsKnownToBeThere() {
        String mac = newMac(c);
        learn(c, mac);
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(0, 10, 0);
    }

    @Test
    void shouldNotSendBackWhatIsKnownToBeHere() {
        String mac = newMac(a);
        tapA.send(toAll(mac));
        assertThat(Eventually.comesTrue(() -> !a.control.portOf(LAN, mac).isEmpty())).isTrue();
        long hairpins = a.control.drops(DropReason.HAIRPIN);
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(0, 0, 0);
        assertThat(a.control.drops(DropReason.HAIRPIN) - hairpins).isEqualTo(10);
    }

    /** Host a is the hub: nothing from b comes out at c, although a is a peer of both. */
    @Test
    void shouldNeverForwardFromTunnelToTunnel() {
        List<Station> all = List.of(a, b, c);
        all.forEach(station -> station.addSegment("star", 20));
        a.peer(b, List.of(LAN, "star"));
        a.peer(c, List.of(LAN, "star"));
        b.peer(a, List.of(LAN, "star"));
        c.peer(a, List.of(LAN, "star"));
        int mark = lab.newMark();
        b.end("star").send(Frame.marked(Frame.BROADCAST, b.mac(0), mark), 10);
        int unknown = lab.newMark();
        b.end("star").send(Frame.marked(c.mac(0), b.mac(0), unknown), 10);
        assertThat(a.end("star").receives(frame -> frame.mark() == unknown)).isTrue();
        // What a sent c in b's place would be ahead of a's own.
        int last = lab.newMark();
        a.end("star").send(Frame.marked(Frame.BROADCAST, a.mac(0), last));
        assertThat(c.end("star").receives(frame -> frame.mark() == last)).isTrue();
        for (int each : List.of(mark, unknown)) {
            assertThat(a.end("star").count(each)).isEqualTo(10);
            assertThat(c.end("star").count(each)).isZero();
        }
    }

    @Test
    void shouldFloodWithinTheLimit() {
        int limit = 100;
        int sent = 1_000;
        String known = newMac(c);
        learn(c, known);
        set("floodLimit", limit);
        long dropped = a.control.drops(DropReason.FLOOD_RATE_LIMITED);
        Frame frame = toAll(a.mac(0));
        long startNs = System.nanoTime();
        for (int i = 0; i < sent / 100; i++) {
            // No more than the TAP's queue takes, however late it is read.
            long read = a.control.count(WorkerCounter.DEVICE_READS);
            tapA.send(frame, 100);
            assertThat(
                            Eventually.comesTrue(
                                    () ->
                                            a.control.count(WorkerCounter.DEVICE_READS)
                                                    >= read + 100))
                    .isTrue();
        }
        Frame unicast = to(known);
        tapA.send(unicast, 100);
        assertThat(tapC.receives(each -> each.mark() == unicast.mark())).isTrue();
        double elapsedSeconds = (System.nanoTime() - startNs) / 1e9;
        set("floodLimit", 0);
        lab.fence(a);
        List<Integer> arrivals = lab.counts(a, frame.mark());
        int passed = arrivals.getFirst();
        assertThat(arrivals).containsOnly(passed);
        assertThat(passed).isBetween(10, 12 + (int) (limit * elapsedSeconds)).isLessThan(sent);
        assertThat(a.control.drops(DropReason.FLOOD_RATE_LIMITED) - dropped)
                .isEqualTo(sent - passed);
        assertThat(lab.counts(a, unicast.mark())).containsExactly(0, 100, 0);
    }

    @Test
    void shouldNotLearnWhereLearningIsOff() {
        set("learning", false);
        String mac = newMac(c);
        assertThat(lab.arrivals(c, toAll(mac), 1)).containsExactly(1, 1, 1);
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(10, 10, 10);
        assertThat(a.control.portOf(LAN, mac)).isEmpty();
        set("learning", true);
        learn(c, mac);
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(0, 10, 0);
    }

    /** Only learned entries count. The latest are kept: nobody holds more than the one that speaks. */
    @Test
    void shouldLearnNoMoreThanTheLimit() {
        set("maxMacs", 8);
        a.control.call("fdb.flush");
        for (int i = 0; i < 2; i++) {
            addStatic(newMac(b), "b");
        }
        String mac = "";
        for (int i = 0; i < 16; i++) {
            mac = newMac(c);
            learn(c, mac);
        }
        assertThat(Eventually.comesTrue(() -> macCount() == 8)).isTrue();
        assertThat(a.control.fdb("segment", LAN, "state", "static")).hasSize(2);
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(0, 10, 0);
        set("maxMacs", 3);
        assertThat(Eventually.comesTrue(() -> macCount() == 3)).isTrue();
    }

    private long macCount() {
        Object count = a.control.segment(LAN).get("macs");
        return count instanceof Long number ? number : -1;
    }

    private void addStatic(String mac, String peer) {
        a.control.call("fdb.add", "segment", LAN, "mac", mac, "kind", "peer", "port", peer);
    }

    /** An entry lives on what its host says, not on what it is told. */
    @Test
    void shouldAgeWhileTrafficFlowsToAnEntry() {
        String silent = newMac(c);
        String talking = newMac(d);
        set("ageing", 4);
        learn(c, silent);
        learn(d, talking);
        Frame frame = to(silent);
        boolean isFlooded =
                Eventually.comesTrue(
                        () -> {
                            d.end(LAN).send(toAll(talking));
                            tapA.send(frame);
                            return tapB.count(frame.mark()) > 0;
                        });
        assertThat(isFlooded).isTrue();
        assertThat(a.control.portOf(LAN, silent)).isEmpty();
        assertThat(Eventually.comesTrue(() -> a.control.portOf(LAN, talking).equals("d"))).isTrue();
    }

    @Test
    void shouldFollowAHostOnItsFirstFrame() {
        String mac = newMac(b);
        learn(b, mac);
        try (FdbWatch watch = a.control.watch("segment", LAN)) {
            tapC.send(toAll(mac));
            assertThat(watch.tells("moved " + mac + " c from b")).as("%s", watch.events()).isTrue();
        }
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(0, 10, 0);
    }

    @Test
    void shouldNeverMoveAStaticEntry() {
        String mac = newMac(b);
        addStatic(mac, "b");
        long conflicts = a.control.drops(DropReason.FDB_STATIC_CONFLICT);
        assertThat(lab.arrivals(c, toAll(mac), 10)).containsExactly(0, 10, 10);
        assertThat(a.control.drops(DropReason.FDB_STATIC_CONFLICT) - conflicts).isEqualTo(10);
        assertThat(a.control.portOf(LAN, mac)).isEqualTo("b");
        assertThat(lab.arrivals(a, to(mac), 10)).containsExactly(10, 0, 0);
        assertThat(lab.arrivals(b, toAll(mac), 10)).containsExactly(10, 10, 10);
    }

    @Test
    void shouldTakeNothingFromAPeerThatIsNotInTheSegment() {
        String mac = newMac(d);
        a.addSegment("other", 30);
        long refused = a.control.drops(DropReason.VXLAN_UNKNOWN_VNI);
        a.peer(d, List.of("other"));
        Frame frame = toAll(mac);
        d.end(LAN).send(frame, 10);
        boolean areRefused =
                Eventually.comesTrue(
                        () -> a.control.drops(DropReason.VXLAN_UNKNOWN_VNI) - refused == 10);
        a.peer(d, List.of());
        long malformed = a.control.drops(DropReason.MALFORMED_INNER_PACKET);
        d.end(LAN).send(frame, 10);
        boolean areRefusedWithoutAny =
                Eventually.comesTrue(
                        () -> a.control.drops(DropReason.MALFORMED_INNER_PACKET) - malformed == 10);
        Frame back = toAll(a.mac(0));
        tapA.send(back, 10);
        boolean isSentToOthers = tapC.receives(each -> each.mark() == back.mark());
        a.peer(d, List.of(LAN));
        assertThat(areRefused && areRefusedWithoutAny && isSentToOthers).isTrue();
        lab.fence(d);
        lab.fence(a);
        assertThat(lab.counts(d, frame.mark())).containsExactly(0, 20, 20);
        assertThat(lab.counts(a, back.mark())).containsExactly(10, 10, 0);
        assertThat(a.control.portOf(LAN, mac)).isEmpty();
    }

    @Test
    void shouldNeitherLearnNorPassSourcesThatNoHostHas() {
        long invalid = b.control.drops(DropReason.INVALID_SOURCE_MAC);
        for (String source : List.of(Frame.BROADCAST, Frame.MULTICAST, "00:00:00:00:00:00")) {
            assertThat(lab.arrivals(b, toAll(source), 10)).containsExactly(0, 0, 0);
            assertThat(b.control.fdb("segment", LAN))
                    .noneMatch(entry -> source.equals(entry.get("mac")));
        }
        assertThat(b.control.drops(DropReason.INVALID_SOURCE_MAC) - invalid).isEqualTo(30);
    }

    @Test
    void shouldTakeItsOwnAddressFromNobody() {
        String mac = a.host.run("cat", "/sys/class/net/" + tapA.device + "/address");
        long invalid = a.control.drops(DropReason.INVALID_SOURCE_MAC);
        assertThat(lab.arrivals(b, toAll(mac), 3)).containsExactly(0, 3, 3);
        assertThat(a.control.drops(DropReason.INVALID_SOURCE_MAC) - invalid).isEqualTo(3);
        assertThat(a.control.segment(LAN)).containsEntry("looping", false);
    }

    @Test
    void shouldLearnInEachVlanForItself() {
        String mac = newMac(b);
        b.end(LAN).send(toAll(mac).tagged(Frame.VLAN, 5));
        c.end(LAN).send(toAll(mac).tagged(Frame.VLAN, 6));
        assertThat(Eventually.comesTrue(() -> isBehind(mac, 5, "b") && isBehind(mac, 6, "c")))
                .isTrue();
        assertThat(lab.arrivals(a, to(mac).tagged(Frame.VLAN, 0xe005), 10))
                .containsExactly(10, 0, 0);
        assertThat(lab.arrivals(a, to(mac).tagged(Frame.VLAN, 6), 10)).containsExactly(0, 10, 0);
        assertThat(lab.arrivals(a, to(mac).tagged(Frame.VLAN, 7), 10)).containsExactly(10, 10, 10);
    }

    private boolean isBehind(String mac, int vlan, String peer) {
        for (Map<String, @Nullable Object> entry : a.control.fdb("segment", LAN)) {
            if (mac.equals(entry.get("mac"))
                    && Long.valueOf(vlan).equals(entry.get("vlan"))
                    && peer.equals(entry.get("port"))) {
                return true;
            }
        }
        return false;
    }
}
