package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which packets may be answered with an ICMP error at all.
 *
 * <p>Thread: any; stateless. Wire: RFC 1122 §3.2.2, RFC 1812 §4.3.2.7, RFC 4443 §2.4 (e). What a truncated packet does
 * not show is assumed to be harmless.
 */
final class IcmpEligibility {
    private static final int LAST_KNOWN_IPV4_TYPE = 18;

    /** ICMP: destination unreachable, source quench, redirect, time exceeded, parameter problem. */
    private static final int IPV4_ERROR_TYPES = 1 << 3 | 1 << 4 | 1 << 5 | 1 << 11 | 1 << 12;

    /** ICMPv6 errors have types without this bit. */
    private static final int IPV6_INFORMATIONAL = 0x80;

    private static final int IPV6_REDIRECT = 137;

    private IcmpEligibility() {}

    /** Whether the well-formed IPv4 packet may be answered. */
    static boolean isIpv4Answerable(UnsafeBuffer in, int offset, int packetLength) {
        int fragment =
                Ipv4Flyweight.flagsAndFragmentOffset(in, offset)
                        & Ipv4Flyweight.FRAGMENT_OFFSET_MASK;
        int source = Ipv4Flyweight.source(in, offset) >>> 24;
        int destination = Ipv4Flyweight.destination(in, offset) >>> 24;
        if (fragment != 0 || source == 0 || source == 127 || source >= 224 || destination >= 224) {
            return false;
        }
        int icmp = Ipv4Flyweight.headerLength(in, offset);
        if (Ipv4Flyweight.protocol(in, offset) != IpFlyweight.PROTOCOL_ICMP
                || icmp >= packetLength) {
            return true;
        }
        // As Linux does: a type that nobody has heard of may be an error.
        int type = in.getByte(offset + icmp) & 0xff;
        return type <= LAST_KNOWN_IPV4_TYPE && (IPV4_ERROR_TYPES >> type & 1) == 0;
    }

    /** Whether the well-formed IPv6 packet may be answered, its destination aside. */
    static boolean isIpv6Answerable(UnsafeBuffer in, int offset, int packetLength) {
        long sourceHigh = Ipv6Flyweight.sourceHigh(in, offset);
        long sourceLow = Ipv6Flyweight.sourceLow(in, offset);
        boolean isUnspecifiedOrLoopback = sourceHigh == 0 && sourceLow >>> 1 == 0;
        if (isUnspecifiedOrLoopback || sourceHigh >>> 56 == 0xff) {
            return false;
        }
        int next = Ipv6Flyweight.nextHeader(in, offset);
        int position = Ipv6Flyweight.HEADER_LENGTH;
        while (position + 8 <= packetLength) {
            int header = offset + position;
            if (next == Ipv6Flyweight.FRAGMENT) {
                if (Ipv6Flyweight.fragmentOffset(in, header) != 0) {
                    return false;
                }
                position += 8;
            } else if (Ipv6Flyweight.isExtensionHeader(next)) {
                position += Ipv6Flyweight.extensionLength(in, header);
            } else {
                break;
            }
            next = Ipv6Flyweight.extensionNextHeader(in, header);
        }
        if (next != IpFlyweight.PROTOCOL_ICMPV6 || position >= packetLength) {
            return true;
        }
        int type = in.getByte(offset + position) & 0xff;
        return (type & IPV6_INFORMATIONAL) != 0 && type != IPV6_REDIRECT;
    }

    static boolean isIpv6Multicast(UnsafeBuffer in, int offset) {
        return Ipv6Flyweight.destinationHigh(in, offset) >>> 56 == 0xff;
    }
}
