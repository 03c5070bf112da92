package io.ovl.dataplane.l2;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/**
 * Where broadcast, unknown unicast and multicast frames of a segment go: from the TAP once to every tunnel port, from a
 * tunnel port to the TAP and nowhere else (split horizon), never back.
 *
 * <p>Only configured ports are on it: learning never adds one.
 *
 * <p>Thread: any; immutable, replaced as a whole.
 */
public final class FloodList {
    /** Nowhere to flood. */
    public static final FloodList EMPTY = new FloodList(null, new Port[0]);

    private final @Nullable Port local;
    private final Port[] tunnels;

    private FloodList(@Nullable Port local, Port[] tunnels) {
        this.local = local;
        this.tunnels = tunnels;
    }

    /** The list over the given ports, of which at most one is a TAP. */
    public static FloodList of(Collection<Port> ports) {
        Port local = null;
        for (Port port : ports) {
            if (!port.isTunnel()) {
                if (local != null) {
                    throw new IllegalArgumentException("a segment has one TAP");
                }
                local = port;
            }
        }
        return new FloodList(local, ports.stream().filter(Port::isTunnel).toArray(Port[]::new));
    }

    /** How many copies a frame from that port makes. */
    public int targetCount(Port from) {
        if (from.isTunnel()) {
            return local == null ? 0 : 1;
        }
        return tunnels.length;
    }

    /** Where copy {@code index} goes, 0 to {@link #targetCount} - 1. */
    public Port target(Port from, int index) {
        if (!from.isTunnel()) {
            return tunnels[index];
        }
        if (local == null || index != 0) {
            throw new IndexOutOfBoundsException(index);
        }
        return local;
    }
}
