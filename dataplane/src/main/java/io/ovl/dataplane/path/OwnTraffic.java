package io.ovl.dataplane.path;

import io.ovl.dataplane.io.LocalAddresses;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Knows the daemon's own datagrams where they come back: routed into the tunnel whose packets they carry, each would be
 * sealed again into a larger one without end.
 *
 * <p>UDP from one of this host's addresses and our port is ours, wherever it goes, as nobody else can have that port. A
 * tunnel in this tunnel has another port or another host's address.
 *
 * <p>Thread: its worker.
 */
final class OwnTraffic {
    private static final int PROTOCOL_UDP = 17;
    private static final int PROTOCOL_FRAGMENT = 44;
    private static final int IPV4_FRAGMENT_OFFSET_MASK = 0x1fff;
    private static final int IPV6_FRAGMENT_OFFSET_MASK = 0xfff8;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int FRAGMENT_HEADER_LENGTH = 8;

    private final LocalAddresses addresses;
    private int port = -1;

    OwnTraffic(LocalAddresses addresses) {
        this.addresses = addresses;
    }

    /** The port we send from; -1 while there is none. */
    void port(int value) {
        port = value;
    }

    /**
     * Whether the packet, whose length was checked to hold an IP header, is a datagram of ours, or the first part of
     * one.
     */
    boolean contains(UnsafeBuffer buffer, int offset, int length) {
        return buffer.getByte(offset) >> 4 == 4
                ? isOurIpv4(buffer, offset, length)
                : isOurIpv6(buffer, offset, length);
    }

    private boolean isOurIpv4(UnsafeBuffer buffer, int offset, int length) {
        if (buffer.getByte(offset + 9) != PROTOCOL_UDP) {
            return false;
        }
        int headerLength = (buffer.getByte(offset) & 15) * 4;
        int fragment = buffer.getShort(offset + 6, ByteOrder.BIG_ENDIAN);
        return (fragment & IPV4_FRAGMENT_OFFSET_MASK) == 0
                && isOurPort(buffer, offset + headerLength, offset + length)
                && addresses.containsIpv4(buffer, offset + 12);
    }

    private boolean isOurIpv6(UnsafeBuffer buffer, int offset, int length) {
        int protocol = buffer.getByte(offset + 6);
        int headerLength = IPV6_HEADER_LENGTH;
        if (protocol == PROTOCOL_FRAGMENT
                && length >= IPV6_HEADER_LENGTH + FRAGMENT_HEADER_LENGTH
                && (buffer.getShort(offset + headerLength + 2, ByteOrder.BIG_ENDIAN)
                                & IPV6_FRAGMENT_OFFSET_MASK)
                        == 0) {
            protocol = buffer.getByte(offset + headerLength);
            headerLength += FRAGMENT_HEADER_LENGTH;
        }
        return protocol == PROTOCOL_UDP
                && isOurPort(buffer, offset + headerLength, offset + length)
                && addresses.containsIpv6(buffer, offset + 8);
    }

    private boolean isOurPort(UnsafeBuffer buffer, int at, int end) {
        return at + 2 <= end && (buffer.getShort(at, ByteOrder.BIG_ENDIAN) & 0xffff) == port;
    }
}
