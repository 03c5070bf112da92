package io.ovl.dataplane.vxlan;

import static io.ovl.dataplane.vxlan.Frames.HEADROOM;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.ForwardingDatabase;
import io.ovl.dataplane.l2.LearnFilter;
import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.l2.LearnRing;
import io.ovl.dataplane.l2.Observation;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.PortTable;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.l2.SegmentSettings;
import io.ovl.dataplane.l2.SegmentTable;
import io.ovl.dataplane.testing.Allocation;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Objects;

/** What a frame costs in garbage on its way through switch, encap and decap: nothing, dropped or not. */
class FrameAllocationTest {
    private static final int FRAMES = 100_000;

    private final SegmentTable segments = new SegmentTable();
    private final PortTable ports = new PortTable();
    private final ForwardingDatabase fdb =
            new ForwardingDatabase(segments, 1000, 12345, FdbEvents.NONE);
    private final Segment segment = new Segment("lan", 10, SegmentSettings.DEFAULT);
    private final LearnFilter filter = new LearnFilter();
    private final VtepTable vteps = new VtepTable();
    private final VxlanDecap decap = new VxlanDecap();
    private final UnsafeBuffer buffer = Frames.buffer();
    private long nowNs;
    private int consumed;

    private final LearnRing ring =
            new LearnRing(
                    new LearnHandler() {
                        @Override
                        public void onMac(int vni, long mac, int vlan, int port, long seenNs) {
                            fdb.learn(vni, mac, vlan, port, seenNs);
                        }

                        @Override
                        public void onNeighbor(
                                int vni,
                                int vlan,
                                boolean isIpv6,
                                long ipHigh,
                                long ipLow,
                                long link,
                                long seenNs) {}

                        @Override
                        public void onVtep(
                                int vni,
                                boolean isIpv6,
                                long ipHigh,
                                long ipLow,
                                int udpPort,
                                long seenNs) {}
                    });

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    @Test
    void shouldAllocateNothingPerFrame() {
        segments.add(segment);
        Port tap = ports.add(Port.Kind.TAP, "tap");
        Port vtep = ports.add(Port.Kind.VTEP, "192.0.2.2");
        segment.addPort(tap);
        segment.addPort(vtep);
        vteps.add(new Vtep(10, new UdpAddress(ip("192.0.2.2"), 4789, 0), vtep.id(), true));
        StandardEncap encap =
                new StandardEncap(ip("10.0.0.1"), ip("10.0.0.2"), OuterHeaderPolicy.DEFAULT);
        StandardEncap encap6 =
                new StandardEncap(ip("fd00::1"), ip("fd00::2"), OuterHeaderPolicy.DEFAULT);
        int length = Frames.putUdp4(buffer, 2, 64, 1, 2, 3);

        assertThat(
                        Allocation.bytesOf(
                                FRAMES,
                                () -> {
                                    nowNs += 1_000_000;
                                    outbound(tap, length);
                                    standard(encap, length);
                                    standard(encap6, length);
                                    inbound(length);
                                }))
                .as("bytes of %d frames", FRAMES)
                .isZero();
        assertThat(consumed).isPositive();
    }

    private void outbound(Port tap, int length) {
        // Every 64th frame has a source that was never seen: the table is full soon, and evicts.
        long mac =
                0x0200_0000_0000L
                        + (nowNs % 64_000_000 == 0 ? nowNs & 0xffff_ffffL : nowNs / 1000 % 7);
        EthernetFlyweight.source(buffer, HEADROOM, mac);
        int linkLength = EthernetFlyweight.linkLength(buffer, HEADROOM, length);
        int vlan = EthernetFlyweight.vlanId(buffer, HEADROOM, linkLength);
        Observation observation = fdb.observe(segment, mac, vlan, tap.id(), nowNs);
        if (observation == Observation.NEEDS_LEARNING
                && filter.shouldOffer(10, mac, vlan, tap.id(), nowNs)) {
            ring.offerMac(10, mac, vlan, tap.id(), nowNs);
        }
        consumed += fdb.lookup(segment, mac ^ 1, vlan);
        consumed += segment.mayFlood(1, nowNs) ? 1 : 0;
        consumed += segment.floodList().targetCount(tap);
        ring.drain(10);
        fdb.sweep(nowNs);
    }

    private void standard(StandardEncap encap, int length) {
        int start = Frames.put(encap, buffer, length, 10);
        consumed +=
                decap.decapStandard(buffer, start, HEADROOM + length - start, true) == null ? 1 : 0;
        consumed +=
                OuterHeaderPolicy.decapsulate(buffer, decap.frameOffset(), decap.frameLength(), 3)
                        ? 1
                        : 0;
    }

    private void inbound(int length) {
        int start = Frames.put(CompactEncap.INSTANCE, buffer, length, 10);
        consumed += decap.decap(buffer, start, length + 8, false) == null ? 1 : 0;
        consumed += decap.decap(buffer, start, 9, false) == null ? 1 : 0;
        consumed += vteps.portId(10, false, 0, 0xc000_0202L);
        consumed += vteps.portId(10, true, nowNs, 0xc000_0202L);
        consumed += EthernetFlyweight.trimmedLength(buffer, HEADROOM, length);
        consumed += fdb.observe(segment, 0, 0, 2, nowNs).dropReason() == null ? 1 : 0;
    }
}
