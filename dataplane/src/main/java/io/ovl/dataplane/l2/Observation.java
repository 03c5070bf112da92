package io.ovl.dataplane.l2;

import io.ovl.dataplane.stats.DropReason;

import org.jspecify.annotations.Nullable;

/** What the forwarding database says to the source address of a frame. */
public enum Observation {
    /** Where it belongs. */
    KNOWN(null),
    /** Where it belongs, and noted as seen now. */
    REFRESHED(null),
    /** New, or on another port: the frame passes, and the conductor is to be told. */
    NEEDS_LEARNING(null),
    /** New, or on another port, in a segment that does not learn: the frame passes. */
    NOT_LEARNED(null),
    /** A static entry puts the address on another port. */
    STATIC_CONFLICT(DropReason.FDB_STATIC_CONFLICT),
    /** The address is held on another port, for it moved too often. */
    HELD(DropReason.FDB_HELD),
    /** Multicast, broadcast, zero, or the TAP's own address from elsewhere. */
    INVALID_SOURCE(DropReason.INVALID_SOURCE_MAC);

    private final @Nullable DropReason dropReason;

    Observation(@Nullable DropReason dropReason) {
        this.dropReason = dropReason;
    }

    /** Why the frame is to be dropped; null when it passes. */
    public @Nullable DropReason dropReason() {
        return dropReason;
    }
}
