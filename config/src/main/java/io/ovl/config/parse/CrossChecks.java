package io.ovl.config.parse;

import io.ovl.config.model.Encap;
import io.ovl.config.model.IpPrefix;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks sections against each other: what must be unique is, and what is named exists. */
final class CrossChecks {
    private record Owner(PeerBuilder peer, ConfigValue value) {}

    private CrossChecks() {}

    static void run(List<PeerBuilder> peers, List<SegmentBuilder> segments) {
        checkPeersAreDistinct(peers);
        checkAllowedIps(peers);
        checkSegmentsAreDistinct(segments);
        checkSegmentsOfPeers(peers, segments);
    }

    private static void checkPeersAreDistinct(List<PeerBuilder> peers) {
        Map<Object, ConfigValue> seen = new HashMap<>();
        for (PeerBuilder peer : peers) {
            for (String key : List.of("PublicKey", "Name")) {
                Object identity = key.equals("Name") ? peer.name() : peer.publicKey();
                ConfigValue value = peer.given(key);
                ConfigValue earlier =
                        identity == null || value == null
                                ? null
                                : seen.putIfAbsent(identity, value);
                if (earlier != null && value != null) {
                    value.reject(
                            BadConfigReason.DUPLICATE_PEER,
                            "peer \""
                                    + peer.label()
                                    + "\" repeats that of line "
                                    + earlier.lineNumber(),
                            "Give every peer its own, or make the two sections one.");
                }
            }
        }
    }

    private static void checkAllowedIps(List<PeerBuilder> peers) {
        Map<IpPrefix, Owner> owners = new HashMap<>();
        for (PeerBuilder peer : peers) {
            peer.allowedIps()
                    .forEach(
                            (prefix, value) -> {
                                Owner owner = owners.putIfAbsent(prefix, new Owner(peer, value));
                                if (owner != null) {
                                    rejectAllowedIp(prefix, value, owner);
                                }
                            });
        }
    }

    private static void rejectAllowedIp(IpPrefix prefix, ConfigValue value, Owner owner) {
        value.reject(
                BadConfigReason.ALLOWED_IP_CONFLICT,
                prefix
                        + " is already routed to peer \""
                        + owner.peer().label()
                        + "\" (line "
                        + owner.value().lineNumber()
                        + ")",
                "WireGuard would silently move it. Make one narrower, or remove one.");
    }

    private static void checkSegmentsAreDistinct(List<SegmentBuilder> segments) {
        Map<String, ConfigValue> seen = new HashMap<>();
        for (SegmentBuilder segment : segments) {
            ConfigValue vni = segment.given("VNI");
            if (vni != null) {
                checkIsDistinct("VNI " + segment.vni(), vni, seen);
            }
            ConfigValue port = segment.given("Port");
            if (port != null && segment.port() != null) {
                checkIsDistinct("device " + segment.port().device(), port, seen);
            }
        }
    }

    private static void checkIsDistinct(
            String what, ConfigValue value, Map<String, ConfigValue> seen) {
        ConfigValue earlier = seen.putIfAbsent(what, value);
        if (earlier != null) {
            value.reject(
                    BadConfigReason.DUPLICATE_SEGMENT,
                    what + " is that of the segment on line " + earlier.lineNumber(),
                    "Give every segment its own.");
        }
    }

    private static void checkSegmentsOfPeers(
            List<PeerBuilder> peers, List<SegmentBuilder> segments) {
        Map<String, SegmentBuilder> byName = new HashMap<>();
        segments.forEach(segment -> byName.put(segment.name(), segment));
        for (PeerBuilder peer : peers) {
            peer.segments().forEach((name, value) -> checkSegment(value, name, byName));
        }
    }

    private static void checkSegment(
            ConfigValue value, String name, Map<String, SegmentBuilder> byName) {
        SegmentBuilder segment = byName.get(name);
        if (segment == null) {
            String nearest = NearestName.of(name, byName.keySet());
            value.reject(
                    BadConfigReason.UNKNOWN_SEGMENT,
                    "there is no [Segment " + name + "]",
                    nearest == null
                            ? "Add the section, or correct the name."
                            : "Did you mean " + nearest + "?");
        } else if (segment.encap() == Encap.VXLAN) {
            value.reject(
                    BadConfigReason.CONFLICTING_KEYS,
                    "segment \"" + name + "\" travels in the clear",
                    "A peer carries sealed segments only: remove Encap = vxlan there, or the name"
                            + " here.");
        }
    }
}
