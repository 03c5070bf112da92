package io.ovl.dataplane.vxlan;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.l2.EthernetFlyweight;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The outer UDP source port of a frame: the same for all frames of a flow, different for most flows, so that the
 * underlay's routers spread flows over their paths and keep each in order.
 *
 * <p>A flow is a pair of MAC addresses; with IP inside also a pair of IP addresses and a protocol; with ports also
 * those. A fragment's ports do not count, for only the first one has them.
 *
 * <p>Thread: any; stateless. Wire: RFC 7348 §5 asks for 49152 to 65535.
 */
public final class InnerFlowHash {
    public static final int MIN_PORT = 49_152;

    private static final int PORT_BITS = 14;
    private static final int PORTS_LENGTH = 4;
    private static final int IPV4_ADDRESSES_OFFSET = 12;
    private static final int IPV6_ADDRESSES_OFFSET = 8;

    private static final int PROTOCOL_DCCP = 33;
    private static final int PROTOCOL_SCTP = 132;
    private static final int PROTOCOL_UDP_LITE = 136;

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    private InnerFlowHash() {}

    /** The port for the frame at {@code offset}. */
    public static int sourcePort(UnsafeBuffer buffer, int offset, int length) {
        return MIN_PORT + (int) (hash(buffer, offset, length) >>> Long.SIZE - PORT_BITS);
    }

    /** Well mixed bits that depend on the frame's flow alone. */
    public static long hash(UnsafeBuffer buffer, int offset, int length) {
        int linkLength = EthernetFlyweight.linkLength(buffer, offset, length);
        if (linkLength == EthernetFlyweight.MALFORMED) {
            return 0;
        }
        long hash =
                mix(
                        mix(MULTIPLIER, EthernetFlyweight.destination(buffer, offset)),
                        EthernetFlyweight.source(buffer, offset));
        if (!EthernetFlyweight.isIp(buffer, offset, length, linkLength)) {
            return mix(hash, EthernetFlyweight.etherType(buffer, offset, linkLength));
        }
        int ip = offset + linkLength;
        int available = length - linkLength;
        return IpFlyweight.version(buffer, ip) == 4
                ? ipv4(hash, buffer, ip, available)
                : ipv6(hash, buffer, ip, available);
    }

    private static long ipv4(long start, UnsafeBuffer buffer, int ip, int available) {
        int protocol = Ipv4Flyweight.protocol(buffer, ip);
        int headerLength = Ipv4Flyweight.headerLength(buffer, ip);
        long hash = mix(start ^ protocol, buffer.getLong(ip + IPV4_ADDRESSES_OFFSET, BIG_ENDIAN));
        boolean hasPorts =
                hasPorts(protocol)
                        && !Ipv4Flyweight.isFragment(buffer, ip)
                        && available >= headerLength + PORTS_LENGTH;
        return hasPorts ? mix(hash, buffer.getInt(ip + headerLength, BIG_ENDIAN)) : hash;
    }

    private static long ipv6(long start, UnsafeBuffer buffer, int ip, int available) {
        int protocol = Ipv6Flyweight.nextHeader(buffer, ip);
        long hash = start ^ protocol;
        for (int i = 0; i < 4; i++) {
            hash = mix(hash, buffer.getLong(ip + IPV6_ADDRESSES_OFFSET + 8 * i, BIG_ENDIAN));
        }
        boolean hasPorts =
                hasPorts(protocol) && available >= Ipv6Flyweight.HEADER_LENGTH + PORTS_LENGTH;
        return hasPorts
                ? mix(hash, buffer.getInt(ip + Ipv6Flyweight.HEADER_LENGTH, BIG_ENDIAN))
                : hash;
    }

    private static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case IpFlyweight.PROTOCOL_TCP,
                    IpFlyweight.PROTOCOL_UDP,
                    PROTOCOL_DCCP,
                    PROTOCOL_SCTP,
                    PROTOCOL_UDP_LITE ->
                    true;
            default -> false;
        };
    }

    private static long mix(long hash, long word) {
        long a = hash ^ word;
        return Math.multiplyHigh(a, MULTIPLIER) ^ a * MULTIPLIER;
    }
}
