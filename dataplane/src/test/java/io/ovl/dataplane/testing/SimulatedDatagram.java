package io.ovl.dataplane.testing;

import io.ovl.config.model.UdpAddress;

/**
 * A datagram as the wire saw it.
 *
 * <p>Units: {@code sentNs} is the simulation's boot time.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SimulatedDatagram(
        long sentNs, UdpAddress source, UdpAddress destination, byte[] payload) {
    /** The message type that the first byte claims. */
    public int type() {
        return payload.length == 0 ? 0 : payload[0];
    }

    /** Whether this is a data message without a packet in it. */
    public boolean isKeepalive() {
        return type() == 4 && payload.length == 32;
    }

    /** Whether this is a data message with a packet in it. */
    public boolean isData() {
        return type() == 4 && payload.length > 32;
    }
}
