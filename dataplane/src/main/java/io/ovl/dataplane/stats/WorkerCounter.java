package io.ovl.dataplane.stats;

/**
 * What a worker counts beside its drops.
 *
 * <p>Thread: any.
 */
public enum WorkerCounter {
    DEVICE_READS("device reads", "reads from devices, each a packet or a super-packet"),
    DEVICE_READ_PACKETS(
            "device read packets", "packets taken from devices, counted as they go on the wire"),
    DEVICE_WRITES("device writes", "writes to devices, each a packet or a super-packet"),
    DEVICE_WRITE_PACKETS(
            "device write packets",
            "packets delivered to devices, counted as they came off the wire"),
    UDP_SENDS("udp sends", "messages sent, each one datagram or several of one length"),
    UDP_SEND_PACKETS("udp send packets", "datagrams sent"),
    UDP_SEND_BYTES("udp send bytes", "payload bytes of datagrams sent"),
    UDP_RECEIVES(
            "udp receives",
            "messages received, each one datagram or several that the kernel joined"),
    UDP_RECEIVE_PACKETS("udp receive packets", "datagrams received"),
    UDP_RECEIVE_BYTES("udp receive bytes", "payload bytes of datagrams received"),
    UDP_RECEIVE_ERRORS("udp receive errors", "errors the socket reported while receiving"),
    STAGED_PACKETS(
            "staged packets",
            "reads, each a packet or a super-packet, that wait for a handshake at present"),
    KEEPALIVES_SENT("keepalives sent", "data messages without a packet, sent"),
    KEEPALIVES_RECEIVED("keepalives received", "data messages without a packet, received"),
    HANDSHAKES_PASSED("handshake messages passed", "handshake messages handed to the conductor"),
    LEARN_RING_FULL(
            "learn ring full",
            "addresses that could not be learned yet; the next frame tries again"),
    DEVICE_GENERATED("device generated", "packets written to a device in answer to its own"),
    NEIGHBORS_ANSWERED(
            "neighbors answered", "ARP and ND requests answered from what has been seen"),
    COPIED_BYTES(
            "copied bytes",
            "bytes copied in memory on the way out: headers of segments, frames sent in the clear,"
                    + " and frames flooded to more than one port");

    private final String label;
    private final String description;

    WorkerCounter(String label, String description) {
        this.label = label;
        this.description = description;
    }

    public String label() {
        return label;
    }

    public String description() {
        return description;
    }
}
