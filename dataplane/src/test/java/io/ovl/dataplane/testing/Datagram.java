package io.ovl.dataplane.testing;

import io.ovl.config.model.UdpAddress;

/** A datagram under way. Of two that arrive at the same time the one that was launched first comes first. */
final class Datagram implements Comparable<Datagram> {
    private final long arrivalNs;
    private final long sequence;
    private final UdpAddress source;
    private final UdpAddress destination;
    private final int trafficClass;
    private final byte[] payload;

    Datagram(
            long arrivalNs,
            long sequence,
            UdpAddress source,
            UdpAddress destination,
            int trafficClass,
            byte[] payload) {
        this.arrivalNs = arrivalNs;
        this.sequence = sequence;
        this.source = source;
        this.destination = destination;
        this.trafficClass = trafficClass;
        this.payload = payload;
    }

    long arrivalNs() {
        return arrivalNs;
    }

    UdpAddress source() {
        return source;
    }

    UdpAddress destination() {
        return destination;
    }

    int trafficClass() {
        return trafficClass;
    }

    byte[] payload() {
        return payload;
    }

    Datagram withSource(UdpAddress address) {
        return new Datagram(arrivalNs, sequence, address, destination, trafficClass, payload);
    }

    Datagram withDestination(UdpAddress address) {
        return new Datagram(arrivalNs, sequence, source, address, trafficClass, payload);
    }

    @Override
    public int compareTo(Datagram other) {
        int byTime = Long.compare(arrivalNs, other.arrivalNs);
        return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return source + " > " + destination + " tos " + trafficClass + " " + payload.length;
    }
}
