package io.ovl.dataplane.path;

/**
 * What stands behind a tunnel port of the switch, and what its frames are wrapped in.
 *
 * <p>Thread: any; immutable.
 */
public sealed interface TunnelTarget permits PeerTarget, VtepTarget {
    /** How many bytes stand in front of a frame in the datagram or, sealed, in the message. */
    int headerLength();
}
