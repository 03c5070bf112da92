package io.ovl.dataplane.control;

import io.ovl.config.ctl.MtuReport;
import io.ovl.config.model.Encap;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.UnderlayRoutes;
import io.ovl.dataplane.l2.OverlayMtu;
import io.ovl.dataplane.l2.WireMode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the underlay leaves to the overlay, on each path and in each segment.
 *
 * <p>Where a peer's address is not known, an underlay of 1500 bytes over IPv4 is assumed until it is.
 *
 * <p>Thread: the conductor. Units: bytes.
 */
final class SegmentMtus {
    private static final int USUAL_MTU = 1500;

    /** IPv4 hosts take at least that much (RFC 791 §3.1). */
    private static final int MIN_UNDERLAY_MTU = 576;

    private static final int MAX_UNDERLAY_MTU = 65_536;

    /** What the kernel lets a TAP have. */
    private static final int MAX_TAP_MTU = 65_521;

    private final PeerRegistry peers;
    private final UnderlayRoutes routes;

    /** What the kernel has said of the addresses that count now. */
    private Map<IpAddress, Integer> underlayMtus = Map.of();

    SegmentMtus(PeerRegistry peers, UnderlayRoutes routes) {
        this.peers = peers;
        this.routes = routes;
    }

    /**
     * The MTU that each segment's TAP is to have, by the segment's name: that which is set, or else the least of its
     * paths'. The kernel is asked once about an address until {@link #forgetRoutes}, however many paths lead there.
     */
    Map<String, Integer> mtus(SegmentPlan plan) {
        Map<IpAddress, Integer> before = underlayMtus;
        underlayMtus = new HashMap<>();
        Map<String, Integer> leastOfPeers = new HashMap<>();
        for (PeerSegments member : plan.members().values()) {
            IpAddress address = address(peers.byKey(member.publicKey()));
            int mtu = pathMtu(mode(member), address, isIpv6(member), before);
            for (String name : member.segments()) {
                leastOfPeers.merge(name, mtu, Math::min);
            }
        }
        Map<String, Integer> mtus = new HashMap<>();
        for (SegmentSection segment : plan.segments().values()) {
            Integer ofPeers = leastOfPeers.get(segment.name());
            mtus.put(
                    segment.name(),
                    segment.mtu() != null ? segment.mtu() : leastMtu(segment, ofPeers, before));
        }
        return mtus;
    }

    /** The least of the paths to the segment's peers and remotes; what is usual while it has neither. */
    private int leastMtu(
            SegmentSection segment, @Nullable Integer ofPeers, Map<IpAddress, Integer> before) {
        if (ofPeers == null && segment.remotes().isEmpty()) {
            return pathMtu(usualMode(segment), null, false, before);
        }
        int least = ofPeers == null ? MAX_TAP_MTU : ofPeers;
        for (UdpAddress remote : segment.remotes()) {
            least = Math.min(least, pathMtu(WireMode.VXLAN, remote.ip(), false, before));
        }
        return least;
    }

    private static WireMode usualMode(SegmentSection segment) {
        return segment.encap() == Encap.VXLAN ? WireMode.VXLAN : WireMode.COMPACT;
    }

    private int pathMtu(
            WireMode mode,
            @Nullable IpAddress underlay,
            boolean isOverlayIpv6,
            Map<IpAddress, Integer> before) {
        int underlayMtu = underlay == null ? 0 : underlayMtu(underlay, before);
        return overlayMtu(mode, underlay, isOverlayIpv6, underlayMtu == 0 ? USUAL_MTU : underlayMtu)
                .mtu();
    }

    private int underlayMtu(IpAddress address, Map<IpAddress, Integer> before) {
        return underlayMtus.computeIfAbsent(
                address,
                unknown -> {
                    int mtu = before.getOrDefault(unknown, 0);
                    return mtu == 0 ? routes.mtuTo(unknown) : mtu;
                });
    }

    /** Has the kernel asked again: the host's interfaces, addresses or routes may have changed. */
    void forgetRoutes() {
        underlayMtus = Map.of();
    }

    /** Every path there is, with the sum. */
    List<MtuReport> reports(SegmentPlan plan, int underlayMtu) {
        List<MtuReport> reports = new ArrayList<>();
        for (PeerControl control : peers.all()) {
            String label = PeerPort.label(control);
            Endpoint endpoint = control.peer.endpoint();
            UdpAddress address = endpoint == null ? null : endpoint.address();
            IpAddress ip = address(control);
            PeerSegments member = plan.members().get(control.peer.publicKey());
            reports.add(report(label, address, overlayMtu(WireMode.L3, ip, false, underlayMtu)));
            if (member != null) {
                reports.add(
                        report(
                                label,
                                address,
                                overlayMtu(mode(member), ip, isIpv6(member), underlayMtu)));
            }
        }
        for (SegmentSection segment : plan.segments().values()) {
            for (UdpAddress remote : segment.remotes()) {
                reports.add(
                        report(
                                remote.ip().toString(),
                                remote,
                                overlayMtu(WireMode.VXLAN, remote.ip(), false, underlayMtu)));
            }
        }
        return reports;
    }

    private static MtuReport report(String target, @Nullable UdpAddress address, OverlayMtu mtu) {
        return new MtuReport(
                target,
                mtu.mode().label(),
                address == null ? null : address.toString(),
                mtu.underlayMtu(),
                mtu.mtu(),
                mtu.explanation());
    }

    private OverlayMtu overlayMtu(
            WireMode mode, @Nullable IpAddress underlay, boolean isOverlayIpv6, int underlayMtu) {
        int mtu = underlayMtu != 0 ? underlayMtu : underlay == null ? 0 : routes.mtuTo(underlay);
        return new OverlayMtu(
                mode,
                underlay != null && underlay.isIpv6(),
                isOverlayIpv6,
                Math.clamp(mtu == 0 ? USUAL_MTU : mtu, MIN_UNDERLAY_MTU, MAX_UNDERLAY_MTU));
    }

    private static @Nullable IpAddress address(@Nullable PeerControl control) {
        Endpoint endpoint = control == null ? null : control.peer.endpoint();
        return endpoint == null ? null : endpoint.address().ip();
    }

    private static WireMode mode(PeerSegments member) {
        return member.vtep() == null ? WireMode.COMPACT : WireMode.STANDARD;
    }

    private static boolean isIpv6(PeerSegments member) {
        return member.vtep() != null && member.vtep().isIpv6();
    }
}
