package io.ovl.dataplane.vxlan;

import io.ovl.dataplane.ip.Ecn;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.l2.EthernetFlyweight;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The traffic class and time to live of packets around VXLAN. ECN crosses in both directions whatever is set (RFC
 * 6040).
 *
 * <p>Thread: any; immutable.
 *
 * @param trafficClass the octet, whose ECN bits are not used, or {@link #INHERIT}: the inner packet's, 0 when there is
 *     none
 * @param timeToLive 1 to 255, or {@link #INHERIT}: the inner packet's, {@link #DEFAULT_TIME_TO_LIVE} when there is none
 */
public record OuterHeaderPolicy(int trafficClass, int timeToLive) {
    public static final int INHERIT = -1;
    public static final int DEFAULT_TIME_TO_LIVE = 64;
    public static final OuterHeaderPolicy DEFAULT = new OuterHeaderPolicy(0, DEFAULT_TIME_TO_LIVE);

    private static final int ECN_MASK = 3;
    private static final int IPV4_TIME_TO_LIVE_OFFSET = 8;
    private static final int IPV6_HOP_LIMIT_OFFSET = 7;
    private static final int NO_IP = -1;

    public OuterHeaderPolicy {
        if (trafficClass < INHERIT
                || trafficClass > 0xff
                || timeToLive < INHERIT
                || timeToLive == 0
                || timeToLive > 0xff) {
            throw new IllegalArgumentException(
                    "traffic class " + trafficClass + ", time to live " + timeToLive);
        }
    }

    /** The traffic class octet around the frame at {@code offset}. */
    public int trafficClassOf(UnsafeBuffer buffer, int offset, int length) {
        int ip = ipOffset(buffer, offset, length);
        if (ip == NO_IP) {
            return trafficClass == INHERIT ? 0 : trafficClass & ~ECN_MASK;
        }
        int differentiated = trafficClass == INHERIT ? innerTrafficClass(buffer, ip) : trafficClass;
        return differentiated & ~ECN_MASK | Ecn.outerTrafficClass(buffer, ip);
    }

    /** The time to live around the frame at {@code offset}. */
    public int timeToLiveOf(UnsafeBuffer buffer, int offset, int length) {
        if (timeToLive != INHERIT) {
            return timeToLive;
        }
        int ip = ipOffset(buffer, offset, length);
        if (ip == NO_IP) {
            return DEFAULT_TIME_TO_LIVE;
        }
        int inner =
                buffer.getByte(
                                IpFlyweight.version(buffer, ip) == 4
                                        ? ip + IPV4_TIME_TO_LIVE_OFFSET
                                        : ip + IPV6_HOP_LIMIT_OFFSET)
                        & 0xff;
        return Math.max(inner, 1);
    }

    /**
     * Carries congestion over from the outer packet to the frame at {@code offset}.
     *
     * @return false to drop it, for {@link io.ovl.dataplane.stats.DropReason#ECN_INVALID}
     */
    public static boolean decapsulate(
            UnsafeBuffer buffer, int offset, int length, int outerTrafficClass) {
        if ((outerTrafficClass & ECN_MASK) == 0) {
            return true;
        }
        int ip = ipOffset(buffer, offset, length);
        return ip == NO_IP || Ecn.decapsulate(buffer, ip, outerTrafficClass);
    }

    private static int innerTrafficClass(UnsafeBuffer buffer, int ip) {
        return IpFlyweight.version(buffer, ip) == 4
                ? Ipv4Flyweight.typeOfService(buffer, ip)
                : Ipv6Flyweight.trafficClass(buffer, ip);
    }

    private static int ipOffset(UnsafeBuffer buffer, int offset, int length) {
        int linkLength = EthernetFlyweight.linkLength(buffer, offset, length);
        return linkLength != EthernetFlyweight.MALFORMED
                        && EthernetFlyweight.isIp(buffer, offset, length, linkLength)
                ? offset + linkLength
                : NO_IP;
    }
}
