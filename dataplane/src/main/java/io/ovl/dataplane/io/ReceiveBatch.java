package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.buffer.LazyMemory;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Datagrams from the socket: each message is one datagram, or several of equal length from one sender that the kernel
 * joined (UDP_GRO), the last of which may be shorter.
 *
 * <p>Thread: one owner. Ownership: owns its memory; its contents are good until the next receive. Units: bytes.
 */
public final class ReceiveBatch {
    /** Room for each message: more than the largest UDP payload, so that nothing is cut off silently. */
    public static final int SLOT_LENGTH = 65_536;

    private final int capacity;
    private final UnsafeBuffer buffer;
    private final int[] lengths;
    private final int[] segmentLengths;
    private final byte[] trafficClasses;
    private final boolean[] isIpv6;
    private final long[] sourceHigh;
    private final long[] sourceLow;
    private final int[] sourcePorts;
    private final int[] sourceScopeIds;
    private final long[] localHigh;
    private final long[] localLow;
    private final int[] localInterfaces;
    private int count;

    public ReceiveBatch(int capacity) {
        this.capacity = capacity;
        buffer = LazyMemory.allocate(capacity * SLOT_LENGTH);
        lengths = new int[capacity];
        segmentLengths = new int[capacity];
        trafficClasses = new byte[capacity];
        isIpv6 = new boolean[capacity];
        sourceHigh = new long[capacity];
        sourceLow = new long[capacity];
        sourcePorts = new int[capacity];
        sourceScopeIds = new int[capacity];
        localHigh = new long[capacity];
        localLow = new long[capacity];
        localInterfaces = new int[capacity];
    }

    public int capacity() {
        return capacity;
    }

    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Number of messages. */
    public int count() {
        return count;
    }

    /** Set by the bind that received. */
    public void count(int value) {
        count = value;
    }

    /** Offset of the message in {@link #buffer}. */
    public int offset(int index) {
        return index * SLOT_LENGTH;
    }

    /** Length of the whole message. */
    public int length(int index) {
        return lengths[index];
    }

    /** Length of each of its datagrams but perhaps the last; the message's length when it is only one. */
    public int segmentLength(int index) {
        return segmentLengths[index];
    }

    /** The outer TOS or traffic class octet, 0 to 255. */
    public int trafficClass(int index) {
        return trafficClasses[index] & 0xff;
    }

    public boolean isIpv6(int index) {
        return isIpv6[index];
    }

    public long sourceHigh(int index) {
        return sourceHigh[index];
    }

    public long sourceLow(int index) {
        return sourceLow[index];
    }

    public int sourcePort(int index) {
        return sourcePorts[index];
    }

    public int sourceScopeId(int index) {
        return sourceScopeIds[index];
    }

    /** High bits of the local address the message reached. */
    public long localHigh(int index) {
        return localHigh[index];
    }

    /** Low bits of the local address the message reached. */
    public long localLow(int index) {
        return localLow[index];
    }

    /** Index of the interface the message came in on. */
    public int localInterface(int index) {
        return localInterfaces[index];
    }

    /** Whether the message came from where {@code endpoint} says, to the local address that it says. */
    public boolean isFrom(Endpoint endpoint, int index) {
        UdpAddress address = endpoint.address();
        IpAddress ip = address.ip();
        IpAddress source = endpoint.source();
        return ip.low() == sourceLow[index]
                && address.port() == sourcePorts[index]
                && ip.high() == sourceHigh[index]
                && ip.isIpv6() == isIpv6[index]
                && address.scopeId() == sourceScopeIds[index]
                && source != null
                && source.low() == localLow[index]
                && source.high() == localHigh[index]
                && endpoint.sourceInterface() == localInterfaces[index];
    }

    /** Allocates the endpoint that the message came from. */
    public Endpoint endpoint(int index) {
        boolean v6 = isIpv6[index];
        return new Endpoint(
                new UdpAddress(
                        new IpAddress(v6, sourceHigh[index], sourceLow[index]),
                        sourcePorts[index],
                        sourceScopeIds[index]),
                new IpAddress(v6, localHigh[index], localLow[index]),
                localInterfaces[index]);
    }

    /** Describes message {@code index}; called by the bind that received it. */
    public void message(int index, int length, int segmentLength, int trafficClass) {
        lengths[index] = length;
        segmentLengths[index] = segmentLength;
        trafficClasses[index] = (byte) trafficClass;
    }

    /**
     * Where message {@code index} came from; called by the bind that received it. An IPv4 address stands in the low 32
     * bits.
     */
    public void source(int index, boolean v6, long high, long low, int port, int scopeId) {
        isIpv6[index] = v6;
        sourceHigh[index] = high;
        sourceLow[index] = low;
        sourcePorts[index] = port;
        sourceScopeIds[index] = scopeId;
    }

    /** Which local address and interface message {@code index} reached; called by the bind that received it. */
    public void local(int index, long high, long low, int interfaceIndex) {
        localHigh[index] = high;
        localLow[index] = low;
        localInterfaces[index] = interfaceIndex;
    }
}
