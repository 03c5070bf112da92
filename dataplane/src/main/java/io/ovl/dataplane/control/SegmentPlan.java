package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The segments that there shall be and who takes part in them, checked as a whole.
 *
 * <p>Thread: any; immutable.
 *
 * @param segments by name, in the order in which they were added
 * @param members by key; none without a segment
 * @param addresses this host's own, inside the tunnels
 */
record SegmentPlan(
        Map<String, SegmentSection> segments,
        Map<NoisePublicKey, PeerSegments> members,
        List<IpPrefix> addresses) {
    static final SegmentPlan EMPTY = new SegmentPlan(Map.of(), Map.of(), List.of());

    SegmentPlan {
        segments = Collections.unmodifiableMap(new LinkedHashMap<>(segments));
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        addresses = List.copyOf(addresses);
    }

    /** The plan that an update makes of this one. */
    SegmentPlan with(SegmentUpdate update) throws ControlException {
        Map<String, SegmentSection> nextSegments = new LinkedHashMap<>();
        Map<NoisePublicKey, PeerSegments> nextMembers = new LinkedHashMap<>();
        if (!update.replacesAll()) {
            nextSegments.putAll(segments);
            nextMembers.putAll(members);
        }
        for (String name : update.removals()) {
            if (nextSegments.remove(name) == null) {
                throw noSuchSegment(name);
            }
            nextMembers.replaceAll((_, member) -> without(member, name));
        }
        Set<String> named = new HashSet<>();
        for (SegmentSection segment : update.segments()) {
            if (!named.add(segment.name())) {
                throw conflict("segment \"" + segment.name() + "\" is there twice");
            }
            check(segment);
            nextSegments.put(segment.name(), segment);
        }
        for (PeerSegments member : update.peers()) {
            nextMembers.put(member.publicKey(), member);
        }
        nextMembers.values().removeIf(member -> member.segments().isEmpty());
        checkDistinct(nextSegments, named);
        for (PeerSegments member : nextMembers.values()) {
            check(member, nextSegments);
        }
        return new SegmentPlan(
                nextSegments,
                nextMembers,
                update.addresses() == null ? addresses : update.addresses());
    }

    /** The segment with that name, or else with that VNI; null when there is none. */
    @Nullable SegmentSection find(String nameOrVni) {
        SegmentSection named = segments.get(nameOrVni);
        if (named != null || !nameOrVni.matches("\\d{1,9}")) {
            return named;
        }
        int vni = Integer.parseInt(nameOrVni);
        return segments.values().stream().filter(s -> s.vni() == vni).findFirst().orElse(null);
    }

    /** The plan without some peers. */
    SegmentPlan without(Set<NoisePublicKey> publicKeys) {
        Map<NoisePublicKey, PeerSegments> rest = new LinkedHashMap<>(members);
        rest.keySet().removeAll(publicKeys);
        return new SegmentPlan(segments, rest, addresses);
    }

    /** The plan without peers that there are not. */
    SegmentPlan onlyWith(PeerRegistry peers) {
        Map<NoisePublicKey, PeerSegments> known = new LinkedHashMap<>(members);
        known.keySet().removeIf(publicKey -> peers.byKey(publicKey) == null);
        return new SegmentPlan(segments, known, addresses);
    }

    static ControlException noSuchSegment(String name) {
        return new ControlException(
                ExitCode.NO_SUCH_OBJECT, "no-such-segment", "there is no segment " + name);
    }

    private static PeerSegments without(PeerSegments member, String name) {
        return new PeerSegments(
                member.publicKey(),
                member.segments().stream().filter(segment -> !segment.equals(name)).toList(),
                member.vtep());
    }

    private static void check(SegmentSection segment) throws ControlException {
        if (segment.vni() < 0 || segment.vni() > SegmentSection.MAX_VNI) {
            throw invalid(segment, "a VNI is 0 to " + SegmentSection.MAX_VNI);
        }
        boolean isClear = segment.encap() == Encap.VXLAN;
        boolean saysClear =
                segment.local() != null || !segment.remotes().isEmpty() || segment.isOpen();
        if (!isClear && saysClear) {
            throw invalid(segment, "local, remote and open are for encap vxlan, in the clear");
        }
        Set<IpAddress> remotes = new HashSet<>();
        for (UdpAddress remote : segment.remotes()) {
            if (!remotes.add(remote.ip())) {
                throw invalid(segment, "remote " + remote.ip() + " is there twice");
            }
            UdpAddress local = segment.local();
            if (local != null && local.ip().isIpv6() != remote.ip().isIpv6()) {
                throw invalid(segment, "local and remote must both be IPv4, or both IPv6");
            }
            if (local != null && local.ip().equals(remote.ip())) {
                throw invalid(segment, "remote " + remote.ip() + " is the local address");
            }
        }
    }

    private static void checkDistinct(Map<String, SegmentSection> segments, Set<String> changed)
            throws ControlException {
        Map<Integer, String> vnis = new HashMap<>();
        Map<InterfaceName, String> devices = new HashMap<>();
        for (SegmentSection segment : segments.values()) {
            String other = vnis.putIfAbsent(segment.vni(), segment.name());
            if (other != null) {
                // Whoever asked wants to hear of the other one, whichever comes first in the map.
                String owner = changed.contains(other) ? segment.name() : other;
                throw conflict(
                        "VNI " + segment.vni() + " is that of segment \"" + owner + "\" already");
            }
            InterfaceName device = segment.port().device();
            other = devices.putIfAbsent(device, segment.name());
            if (other != null) {
                String owner = changed.contains(other) ? segment.name() : other;
                throw conflict(device + " is the port of segment \"" + owner + "\" already");
            }
        }
    }

    private static void check(PeerSegments member, Map<String, SegmentSection> segments)
            throws ControlException {
        for (String name : member.segments()) {
            SegmentSection segment = segments.get(name);
            if (segment == null) {
                throw noSuchSegment(name);
            }
            if (segment.encap() == Encap.VXLAN) {
                throw new ControlException(
                        ExitCode.INVALID_CONFIG,
                        "segment-in-the-clear",
                        "segment \"" + name + "\" travels in the clear, not to peers");
            }
        }
    }

    private static ControlException conflict(String message) {
        return new ControlException(ExitCode.CONFLICT, "exists", message);
    }

    private static ControlException invalid(SegmentSection segment, String message) {
        return new ControlException(
                ExitCode.INVALID_CONFIG,
                "invalid-segment",
                "segment \"" + segment.name() + "\": " + message);
    }
}
