package io.ovl.dataplane.ip;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the ICMP or ICMPv6 error that tells a packet's sender why the tunnel did not take it.
 *
 * <p>The error comes from the packet's own destination: ovl does not know the interface's addresses, and the kernel
 * accepts that source from the device because it routes to it there.
 *
 * <p>No error answers an ICMP error or redirect, a fragment but the first, a packet to a multicast or broadcast
 * address, or one whose source is not a single host (RFC 1122 §3.2.2, RFC 4443 §2.4 (e)); a multicast IPv6 packet that
 * is too big is answered. Limiting the rate is the caller's.
 *
 * <p>Thread: any; stateless. Ownership: borrows both buffers for the length of a call. Units: bytes. Wire: RFC 792, RFC
 * 1191 §4, RFC 4443 §3; quotes as much of the packet as fits {@link #MAX_IPV4_LENGTH} or {@link #MAX_IPV6_LENGTH}.
 * Errors: 0 is returned when there is nothing to send. Deviation: a too big IPv4 packet without DF is answered as well,
 * since ovl never fragments.
 */
public final class IcmpError {
    /** Longest IPv4 error (RFC 1812 §4.3.2.3). */
    public static final int MAX_IPV4_LENGTH = 576;

    /** Longest IPv6 error: the minimum MTU (RFC 4443 §2.4 (c)). */
    public static final int MAX_IPV6_LENGTH = 1280;

    private static final int HEADER_LENGTH = 8;
    private static final int TIME_TO_LIVE = 64;

    /** DSCP CS6, internetwork control (RFC 1812 §4.3.2.5). */
    private static final int TYPE_OF_SERVICE = 0xc0;

    private static final int IPV4_UNREACHABLE = 3;
    private static final int IPV4_CODE_HOST = 1;
    private static final int IPV4_CODE_FRAGMENTATION_NEEDED = 4;
    private static final int MIN_IPV4_MTU = 68;

    private static final int IPV6_UNREACHABLE = 1;
    private static final int IPV6_CODE_ADDRESS = 3;
    private static final int IPV6_TOO_BIG = 2;
    private static final int MIN_IPV6_MTU = 1280;

    private IcmpError() {}

    /**
     * Builds host unreachable or address unreachable, what kernel WireGuard answers when no peer has the destination.
     *
     * @return length of the packet at {@code outOffset}, which needs room for {@link #MAX_IPV6_LENGTH}; or 0
     */
    public static int destinationUnreachable(
            UnsafeBuffer in, int offset, int length, UnsafeBuffer out, int outOffset) {
        int packetLength = IpFlyweight.packetLength(in, offset, length);
        if (packetLength < 0) {
            return 0;
        }
        if (IpFlyweight.version(in, offset) == 4) {
            return IcmpEligibility.isIpv4Answerable(in, offset, packetLength)
                    ? putIpv4(in, offset, packetLength, IPV4_CODE_HOST, 0, out, outOffset)
                    : 0;
        }
        return IcmpEligibility.isIpv6Answerable(in, offset, packetLength)
                        && !IcmpEligibility.isIpv6Multicast(in, offset)
                ? putIpv6(
                        in,
                        offset,
                        packetLength,
                        IPV6_UNREACHABLE,
                        IPV6_CODE_ADDRESS,
                        0,
                        out,
                        outOffset)
                : 0;
    }

    /**
     * Builds fragmentation needed or packet too big. An {@code mtu} under the protocol's minimum is raised to it: hosts
     * ignore less.
     *
     * @return length of the packet at {@code outOffset}, which needs room for {@link #MAX_IPV6_LENGTH}; or 0
     */
    public static int packetTooBig(
            UnsafeBuffer in, int offset, int length, int mtu, UnsafeBuffer out, int outOffset) {
        int packetLength = IpFlyweight.packetLength(in, offset, length);
        if (packetLength < 0) {
            return 0;
        }
        if (IpFlyweight.version(in, offset) == 4) {
            return IcmpEligibility.isIpv4Answerable(in, offset, packetLength)
                    ? putIpv4(
                            in,
                            offset,
                            packetLength,
                            IPV4_CODE_FRAGMENTATION_NEEDED,
                            Math.clamp(mtu, MIN_IPV4_MTU, 0xffff),
                            out,
                            outOffset)
                    : 0;
        }
        return IcmpEligibility.isIpv6Answerable(in, offset, packetLength)
                ? putIpv6(
                        in,
                        offset,
                        packetLength,
                        IPV6_TOO_BIG,
                        0,
                        Math.max(mtu, MIN_IPV6_MTU),
                        out,
                        outOffset)
                : 0;
    }

    private static int putIpv4(
            UnsafeBuffer in,
            int offset,
            int packetLength,
            int code,
            int mtu,
            UnsafeBuffer out,
            int outOffset) {
        int icmp = outOffset + Ipv4Flyweight.MIN_HEADER_LENGTH;
        int quoted =
                Math.min(
                        packetLength,
                        MAX_IPV4_LENGTH - Ipv4Flyweight.MIN_HEADER_LENGTH - HEADER_LENGTH);
        int length = Ipv4Flyweight.MIN_HEADER_LENGTH + HEADER_LENGTH + quoted;
        out.putByte(outOffset, (byte) 0x45);
        out.putByte(outOffset + Ipv4Flyweight.TYPE_OF_SERVICE_OFFSET, (byte) TYPE_OF_SERVICE);
        Ipv4Flyweight.totalLength(out, outOffset, length);
        Ipv4Flyweight.identification(out, outOffset, 0);
        out.putShort(
                outOffset + Ipv4Flyweight.FLAGS_OFFSET,
                (short) Ipv4Flyweight.DONT_FRAGMENT,
                BIG_ENDIAN);
        out.putByte(outOffset + Ipv4Flyweight.TIME_TO_LIVE_OFFSET, (byte) TIME_TO_LIVE);
        out.putByte(outOffset + Ipv4Flyweight.PROTOCOL_OFFSET, (byte) IpFlyweight.PROTOCOL_ICMP);
        out.putInt(
                outOffset + Ipv4Flyweight.SOURCE_OFFSET,
                Ipv4Flyweight.destination(in, offset),
                BIG_ENDIAN);
        out.putInt(
                outOffset + Ipv4Flyweight.DESTINATION_OFFSET,
                Ipv4Flyweight.source(in, offset),
                BIG_ENDIAN);
        Ipv4Flyweight.updateChecksum(out, outOffset);
        putIcmp(out, icmp, IPV4_UNREACHABLE, code, mtu);
        out.putBytes(icmp + HEADER_LENGTH, in, offset, quoted);
        InternetChecksum.finish(out, icmp, HEADER_LENGTH + quoted, icmp + 2);
        return length;
    }

    private static int putIpv6(
            UnsafeBuffer in,
            int offset,
            int packetLength,
            int type,
            int code,
            int mtu,
            UnsafeBuffer out,
            int outOffset) {
        int icmp = outOffset + Ipv6Flyweight.HEADER_LENGTH;
        int quoted =
                Math.min(
                        packetLength,
                        MAX_IPV6_LENGTH - Ipv6Flyweight.HEADER_LENGTH - HEADER_LENGTH);
        int icmpLength = HEADER_LENGTH + quoted;
        out.putInt(outOffset, 6 << 28 | TYPE_OF_SERVICE << 20, BIG_ENDIAN);
        Ipv6Flyweight.payloadLength(out, outOffset, icmpLength);
        out.putByte(
                outOffset + Ipv6Flyweight.NEXT_HEADER_OFFSET, (byte) IpFlyweight.PROTOCOL_ICMPV6);
        out.putByte(outOffset + Ipv6Flyweight.HOP_LIMIT_OFFSET, (byte) TIME_TO_LIVE);
        out.putBytes(
                outOffset + Ipv6Flyweight.SOURCE_OFFSET,
                in,
                offset + Ipv6Flyweight.DESTINATION_OFFSET,
                16);
        out.putBytes(
                outOffset + Ipv6Flyweight.DESTINATION_OFFSET,
                in,
                offset + Ipv6Flyweight.SOURCE_OFFSET,
                16);
        putIcmp(out, icmp, type, code, mtu);
        out.putBytes(icmp + HEADER_LENGTH, in, offset, quoted);
        long pseudoHeader =
                InternetChecksum.pseudoHeaderIpv6(
                        out, outOffset, IpFlyweight.PROTOCOL_ICMPV6, icmpLength);
        out.putShort(icmp + 2, (short) InternetChecksum.fold(pseudoHeader));
        InternetChecksum.finish(out, icmp, icmpLength, icmp + 2);
        return Ipv6Flyweight.HEADER_LENGTH + icmpLength;
    }

    private static void putIcmp(UnsafeBuffer out, int icmp, int type, int code, int mtu) {
        out.putByte(icmp, (byte) type);
        out.putByte(icmp + 1, (byte) code);
        out.putShort(icmp + 2, (short) 0);
        out.putInt(icmp + 4, mtu, BIG_ENDIAN);
    }
}
