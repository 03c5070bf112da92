package io.ovl.dataplane.path;

import io.ovl.dataplane.l2.Port;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Tunnel port id to what stands behind it.
 *
 * <p>Thread: the conductor sets, any thread looks up.
 */
public final class TunnelTargets {
    private final AtomicReferenceArray<@Nullable TunnelTarget> targets =
            new AtomicReferenceArray<>(Port.MAX_ID + 1);

    /** The port's target; null when it is not a tunnel port, or no port any more. */
    public @Nullable TunnelTarget target(int portId) {
        return targets.getAcquire(portId);
    }

    /** Sets or, with null, removes the port's target. */
    public void set(int portId, @Nullable TunnelTarget target) {
        targets.setRelease(portId, target);
    }
}
