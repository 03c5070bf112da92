package io.ovl.dataplane.path;

import io.ovl.dataplane.l2.PortIdMap;

import org.jspecify.annotations.Nullable;

/**
 * Tunnel port id to what stands behind it.
 *
 * <p>Thread: the conductor sets, any thread looks up.
 */
public final class TunnelTargets {
    private final PortIdMap<TunnelTarget> targets = new PortIdMap<>();

    /** The port's target; null when it is not a tunnel port, or no port any more. */
    public @Nullable TunnelTarget target(int portId) {
        return targets.get(portId);
    }

    /** Sets or, with null, removes the port's target. */
    public void set(int portId, @Nullable TunnelTarget target) {
        targets.put(portId, target);
    }
}
