package io.ovl.dataplane.stats;

/**
 * Every way in which a packet ends before its destination. Each is one counter.
 *
 * <p>Thread: any.
 */
public enum DropReason {
    MALFORMED_PACKET(true, "truncated, or lengths and offsets that contradict each other"),
    UNKNOWN_IP_VERSION(true, "neither IPv4 nor IPv6"),
    ROUTING_LOOP(true, "our own datagram, which a route led back into the tunnel"),
    NO_PEER(true, "no peer's AllowedIPs hold the destination"),
    NO_ENDPOINT(true, "the peer's endpoint is not known"),
    STAGED_OVERFLOW(true, "oldest of too many packets that waited for a handshake"),
    HANDSHAKE_FAILED(true, "waited for a handshake that did not complete"),
    POOL_EXHAUSTED(true, "no buffer was free"),
    RING_FULL(true, "the conductor could not keep up"),
    FDB_MISS_NO_FLOOD(true, "unknown destination MAC address and nowhere to flood"),
    FLOOD_RATE_LIMITED(true, "over the segment's limit of flooded frames"),
    HAIRPIN(true, "the destination is where the frame came from"),
    KEYPAIR_EXHAUSTED(true, "the session has no message numbers left"),
    MTU_EXCEEDED(true, "larger than the path carries"),
    SEND_FAILED(true, "the socket refused it"),

    INVALID_LENGTH(false, "a length that no message of its type has"),
    UNKNOWN_MESSAGE_TYPE(false, "not a WireGuard message"),
    UNKNOWN_RECEIVER_INDEX(false, "no session has the receiver index"),
    KEYPAIR_EXPIRED(false, "the session is too old"),
    AUTHENTICATION_FAILED(false, "the tag did not verify"),
    REPLAYED(false, "the counter has been seen, or is behind the window"),
    DISALLOWED_SOURCE(false, "the inner source address is not the peer's"),
    MALFORMED_INNER_PACKET(false, "an inner packet that is truncated or neither IPv4 nor IPv6"),
    ECN_INVALID(false, "congestion experienced on an inner packet that is not ECN-capable"),
    INVALID_MAC1(false, "a handshake message that was not meant for this host"),
    COOKIE_REQUIRED(false, "under load: answered with a cookie"),
    HANDSHAKE_RATE_LIMITED(false, "too many handshake messages from one source"),
    HANDSHAKE_QUEUE_FULL(false, "more handshake messages than the conductor can take"),
    HANDSHAKE_INVALID(false, "a handshake message that did not verify, or came at the wrong time"),
    VXLAN_BAD_FLAGS(false, "no valid VNI, or reserved bits under strict"),
    VXLAN_GPE(false, "a VXLAN-GPE header, under strict"),
    VXLAN_GBP(false, "a VXLAN group policy header, under strict"),
    VXLAN_UNKNOWN_VNI(false, "no segment has the VNI, or the peer may not use it"),
    VXLAN_UNKNOWN_VTEP(false, "not a VTEP of the segment"),
    VXLAN_RUNT_FRAME(false, "shorter than an Ethernet header"),
    FDB_STATIC_CONFLICT(false, "the source MAC address belongs to another port"),
    FDB_HELD(false, "the source MAC address moves too often and is held on another port"),
    INVALID_SOURCE_MAC(false, "a source MAC address that no single host has"),
    DEVICE_WRITE_FAILED(false, "the device refused it");

    private final boolean isOutbound;
    private final String description;

    DropReason(boolean isOutbound, String description) {
        this.isOutbound = isOutbound;
        this.description = description;
    }

    /** Whether the packet was on its way from this host to the wire; else from the wire to this host. */
    public boolean isOutbound() {
        return isOutbound;
    }

    /** What happened, in a few words. */
    public String description() {
        return description;
    }
}
