package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbEventReport;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.dataplane.l2.FdbEvent;
import io.ovl.dataplane.l2.Port;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class FdbConfiguratorTest {
    private final SegmentLab lab = new SegmentLab();
    private final FdbControl fdb = lab.segments.fdb();

    private static FdbQuery at(String kind, String port) {
        return new FdbQuery(null, null, kind, port, null, null);
    }

    @Test
    void shouldShowEntriesBySegmentMacAddressAndVlan() throws ControlException {
        lab.segments.apply(
                SegmentLab.all(SegmentLab.sealed("a", 2, "ta"), SegmentLab.sealed("b", 1, "tb")));
        fdb.add(new FdbAddress(SegmentLab.named("a"), SegmentLab.MAC, 0), "tap", "ta", false);
        fdb.add(new FdbAddress(SegmentLab.named("b"), SegmentLab.MAC + 1, 2), "tap", "tb", false);
        fdb.add(new FdbAddress(SegmentLab.named("b"), SegmentLab.MAC + 1, 1), "tap", "tb", false);
        fdb.add(new FdbAddress(SegmentLab.named("b"), SegmentLab.MAC, 3), "tap", "tb", false);
        assertThat(fdb.entries(FdbQuery.ALL))
                .extracting(FdbReport::segment, FdbReport::vlan)
                .containsExactly(tuple("b", 3), tuple("b", 1), tuple("b", 2), tuple("a", 0));
    }

    @Test
    void shouldAddReplaceAndDeleteStaticEntries() throws ControlException {
        PeerControl peer = lab.peer(1, "site-b");
        lab.segments.apply(SegmentUpdate.put(SegmentLab.lan()));
        lab.segments.apply(SegmentUpdate.put(SegmentLab.member(peer, "lan")));
        fdb.add(SegmentLab.address("lan"), "peer", "site-b", false);
        assertThat(fdb.entry(SegmentLab.address("lan")))
                .isEqualTo(
                        new FdbReport(
                                "02:00:00:00:00:05", 10, "lan", 0, "peer", "site-b", "static", 0));
        assertThatThrownBy(() -> fdb.add(SegmentLab.address("lan"), "tap", "ovl-lan", false))
                .hasMessageContaining("a static entry of that address already");
        fdb.add(SegmentLab.address("lan"), "tap", "ovl-lan", true);
        assertThat(fdb.entries(at("tap", "ovl-lan"))).hasSize(1);
        assertThat(fdb.delete(SegmentLab.address("lan"))).isTrue();
        assertThat(fdb.delete(SegmentLab.address("lan"))).isFalse();
        assertThatThrownBy(() -> fdb.add(SegmentLab.address("x"), "tap", "ovl-lan", false))
                .hasMessageContaining("no segment x");
        assertThatThrownBy(() -> fdb.add(SegmentLab.address("lan"), "peer", "c", false))
                .hasMessageContaining("has the port peer c");
    }

    @Test
    void shouldFlushBySegmentByPortAndAll() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        lab.segments.apply(
                SegmentLab.all(SegmentLab.lan(), SegmentLab.sealed("lab", 30, "ovl-lab")));
        lab.segments.apply(SegmentUpdate.put(SegmentLab.member(peer, "lan", "lab")));
        String key = peer.peer.publicKey().base64();
        for (int i = 0; i < 3; i++) {
            lab.tables.fdb().learn(10, SegmentLab.MAC + i, 0, peer.peer.portId(), 1);
            lab.tables.fdb().learn(30, SegmentLab.MAC + i, 0, peer.peer.portId(), 1);
        }
        fdb.add(SegmentLab.address("lan"), "tap", "ovl-lan", false);
        assertThat(fdb.flush(SegmentLab.named("lan"), false)).isEqualTo(2);
        assertThat(fdb.flush(at("peer", key), false)).isEqualTo(3);
        assertThat(fdb.entries(FdbQuery.ALL)).hasSize(1);
        assertThat(fdb.flush(FdbQuery.ALL, false)).isZero();
        assertThat(fdb.flush(FdbQuery.ALL, true)).isEqualTo(1);
    }

    @Test
    void shouldTellWatchersWhatTheyAskedFor() throws ControlException {
        PeerControl peer = lab.peer(1, "b");
        lab.segments.apply(
                SegmentLab.all(SegmentLab.lan(), SegmentLab.sealed("lab", 30, "ovl-lab")));
        lab.segments.apply(SegmentUpdate.put(SegmentLab.member(peer, "lan", "lab")));
        List<String> seen = new ArrayList<>();
        Runnable end =
                fdb.watch(
                        SegmentLab.named("lan"),
                        (FdbEventReport event) ->
                                seen.add(
                                        event.event()
                                                + " "
                                                + event.segment()
                                                + " "
                                                + event.port()));
        lab.tables.fdb().learn(10, SegmentLab.MAC, 0, peer.peer.portId(), 1);
        lab.tables.fdb().learn(30, SegmentLab.MAC, 0, peer.peer.portId(), 1);
        int tap = Objects.requireNonNull(lab.segment(10).tap()).id();
        lab.tables.fdb().learn(10, SegmentLab.MAC, 0, tap, 2);
        lab.segments.apply(SegmentUpdate.remove("lan"));
        end.run();
        lab.segments.onFdbEvent(
                FdbEvent.LEARNED, 30, SegmentLab.MAC, 0, peer.peer.portId(), Port.NONE);
        assertThat(seen)
                .containsExactly("learned lan b", "moved lan ovl-lan", "deleted lan ovl-lan");
    }
}
