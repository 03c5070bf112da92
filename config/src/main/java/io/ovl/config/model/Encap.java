package io.ovl.config.model;

/**
 * What a segment's frames travel in.
 *
 * <p>Thread: any.
 */
public enum Encap {
    /** Sealed, inside WireGuard data messages to the peers that name the segment. */
    WIREGUARD,
    /** In the clear, as RFC 7348 has it, to the segment's remotes. */
    VXLAN
}
