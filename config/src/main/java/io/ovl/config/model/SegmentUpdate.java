package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Changes to the Ethernet side of a daemon, applied all or not at all.
 *
 * <p>Thread: any; immutable.
 *
 * @param replacesAll the segments and the peers named here are all that shall have any
 * @param segments to be added, or replaced where there is one of that name
 * @param removals names of segments that go, from their peers too
 * @param peers each with all the segments that it shall take part in
 * @param addresses this host's own, inside the tunnels; null leaves them as they are
 */
public record SegmentUpdate(
        boolean replacesAll,
        List<SegmentSection> segments,
        List<String> removals,
        List<PeerSegments> peers,
        @Nullable List<IpPrefix> addresses) {
    public SegmentUpdate {
        segments = List.copyOf(segments);
        removals = List.copyOf(removals);
        peers = List.copyOf(peers);
        addresses = addresses == null ? null : List.copyOf(addresses);
    }

    /** Adds or replaces one segment. */
    public static SegmentUpdate put(SegmentSection segment) {
        return new SegmentUpdate(false, List.of(segment), List.of(), List.of(), null);
    }

    /** Removes one segment. */
    public static SegmentUpdate remove(String name) {
        return new SegmentUpdate(false, List.of(), List.of(name), List.of(), null);
    }

    /** Says in which segments a peer takes part. */
    public static SegmentUpdate put(PeerSegments peer) {
        return new SegmentUpdate(false, List.of(), List.of(), List.of(peer), null);
    }
}
