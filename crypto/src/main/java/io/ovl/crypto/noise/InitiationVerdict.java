package io.ovl.crypto.noise;

/** What became of a received initiation. */
public enum InitiationVerdict {
    /** It verified and is newer than all before it: answer it. */
    ACCEPTED,

    /** It is not from this peer, or was altered. */
    INVALID,

    /** Its time stamp is not greater than the greatest one seen. */
    REPLAYED,

    /** It came too soon after the one before it. */
    FLOODED
}
