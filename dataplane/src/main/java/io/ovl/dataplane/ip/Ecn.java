package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Explicit congestion notification across the tunnel: RFC 6040, normal mode.
 *
 * <p>Encap copies the inner packet's field. Decap combines both:
 *
 * <pre>
 *                    outer
 *   inner     | Not-ECT   ECT(0)    ECT(1)    CE
 *   ----------+--------------------------------------
 *   Not-ECT   | Not-ECT   Not-ECT   Not-ECT   drop
 *   ECT(0)    | ECT(0)    ECT(0)    ECT(1)    CE
 *   ECT(1)    | ECT(1)    ECT(1)    ECT(1)    CE
 *   CE        | CE        CE        CE        CE
 * </pre>
 *
 * <p>Only the two ECN bits cross: DSCP stays inside, so that the outer packet does not tell what the inner one is.
 *
 * <p>Thread: any; stateless. Wire: RFC 6040 §4.1 and §4.2; RFC 3168 §5 for the values. Deviation: kernel WireGuard
 * sends CE as ECT(0) on the outside, the older RFC 3168 way; both ends come to the same result.
 */
public final class Ecn {
    static final int NOT_ECT = 0;
    static final int ECT_1 = 1;
    static final int ECT_0 = 2;
    static final int CE = 3;

    private static final int MASK = 3;

    private Ecn() {}

    /**
     * The TOS or traffic class octet of the outer packet for the inner packet at {@code offset}; 0 when that is not IP.
     */
    public static int outerTrafficClass(UnsafeBuffer buffer, int offset) {
        return switch (IpFlyweight.version(buffer, offset)) {
            case 4 -> Ipv4Flyweight.typeOfService(buffer, offset) & MASK;
            case 6 -> Ipv6Flyweight.trafficClass(buffer, offset) & MASK;
            default -> NOT_ECT;
        };
    }

    /**
     * Carries over what happened to the outer packet to the inner one at {@code offset}, which is not touched when it
     * is not IP.
     *
     * @return false to drop it: congestion was experienced, and only a loss tells a sender without ECN
     */
    public static boolean decapsulate(UnsafeBuffer buffer, int offset, int outerTrafficClass) {
        int outer = outerTrafficClass & MASK;
        if (outer == NOT_ECT || outer == ECT_0) {
            return true;
        }
        int version = IpFlyweight.version(buffer, offset);
        if (version != 4 && version != 6) {
            return true;
        }
        int inner = outerTrafficClass(buffer, offset);
        if (inner == NOT_ECT) {
            return outer != CE;
        }
        boolean isChanged = outer == CE ? inner != CE : inner == ECT_0;
        if (isChanged) {
            if (version == 4) {
                putIpv4(buffer, offset, outer);
            } else {
                putIpv6(buffer, offset, outer);
            }
        }
        return true;
    }

    private static void putIpv4(UnsafeBuffer buffer, int offset, int ecn) {
        int versionAndLength = (buffer.getByte(offset) & 0xff) << 8;
        int old = Ipv4Flyweight.typeOfService(buffer, offset);
        int changed = old & ~MASK | ecn;
        buffer.putByte(offset + Ipv4Flyweight.TYPE_OF_SERVICE_OFFSET, (byte) changed);
        InternetChecksum.update(
                buffer,
                offset + Ipv4Flyweight.CHECKSUM_OFFSET,
                versionAndLength | old,
                versionAndLength | changed);
    }

    private static void putIpv6(UnsafeBuffer buffer, int offset, int ecn) {
        // The field's two bits are bits 5 and 4 of the second byte.
        int second = buffer.getByte(offset + 1) & 0xff;
        buffer.putByte(offset + 1, (byte) (second & ~(MASK << 4) | ecn << 4));
    }
}
