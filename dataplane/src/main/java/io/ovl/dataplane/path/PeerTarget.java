package io.ovl.dataplane.path;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.ip.Encap;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.vxlan.CompactEncap;
import io.ovl.dataplane.vxlan.OuterHeaderPolicy;
import io.ovl.dataplane.vxlan.StandardEncap;

import org.jspecify.annotations.Nullable;

/**
 * A peer as a port of the switch: frames travel sealed, in its session.
 *
 * <p>Thread: any; immutable.
 *
 * @param localVtep where standard VXLAN from the peer is addressed to: our own overlay address; null: the peer sends
 *     the compact form
 */
public record PeerTarget(Peer peer, Encap encap, @Nullable IpAddress localVtep)
        implements TunnelTarget {
    /** The peer runs ovl: L2 compact. */
    public static PeerTarget compact(Peer peer) {
        return new PeerTarget(peer, CompactEncap.INSTANCE, null);
    }

    /** The peer has a VXLAN device of its own behind its WireGuard: L2 standard, between two overlay addresses. */
    public static PeerTarget standard(Peer peer, IpAddress localVtep, IpAddress remoteVtep) {
        return new PeerTarget(
                peer,
                new StandardEncap(localVtep, remoteVtep, OuterHeaderPolicy.DEFAULT),
                localVtep);
    }

    @Override
    public int headerLength() {
        return encap.headerLength();
    }
}
