package io.ovl.dataplane.l2;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;

/**
 * All segments by VNI.
 *
 * <p>Thread: the conductor adds and removes, any thread looks up in the snapshot that is published.
 */
public final class SegmentTable {
    private volatile Int2ObjectHashMap<Segment> segments = new Int2ObjectHashMap<>();

    /** The segment with that VNI, null when there is none. */
    public @Nullable Segment segment(int vni) {
        return segments.get(vni);
    }

    /** Adds a segment whose VNI is free. */
    public void add(Segment segment) {
        Int2ObjectHashMap<Segment> next = new Int2ObjectHashMap<>(segments);
        if (next.putIfAbsent(segment.vni(), segment) != null) {
            throw new IllegalArgumentException("VNI " + segment.vni() + " is taken");
        }
        segments = next;
    }

    /** Removes a segment. The caller flushes its entries afterwards. */
    public void remove(Segment segment) {
        Int2ObjectHashMap<Segment> next = new Int2ObjectHashMap<>(segments);
        next.remove(segment.vni());
        segments = next;
    }

    /** All segments; conductor only. */
    public Collection<Segment> segments() {
        return Collections.unmodifiableCollection(segments.values());
    }
}
