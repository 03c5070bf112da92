package io.ovl.dataplane.vxlan;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.ip.Encap;
import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.ip.UdpFlyweight;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * L2 standard: IP, UDP and VXLAN headers between two overlay addresses, in a WireGuard data message.
 *
 * <p>Checksums: none over IPv4, where zero says so (RFC 7348 §5). Over IPv6 it is computed, since kernels refuse zero
 * there unless told otherwise (RFC 6935, RFC 6936 §5). The frame's own checksums are finished before: the one of UDP
 * covers them. Packets are never fragmented: DF is set, and the identification is zero (RFC 6864 §4.1).
 *
 * <p>Thread: any; immutable. Ownership: borrows the buffer for the length of a call. Units: bytes.
 */
public final class StandardEncap implements Encap {
    private static final int IPV4_LENGTH = Ipv4Flyweight.MIN_HEADER_LENGTH;
    private static final int TYPE_OF_SERVICE_OFFSET = 1;
    private static final int TOTAL_LENGTH_OFFSET = 2;
    private static final int TIME_TO_LIVE_OFFSET = 8;
    private static final int CHECKSUM_OFFSET = 10;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_HOP_LIMIT_OFFSET = 7;

    private final boolean isIpv6;
    private final OuterHeaderPolicy policy;
    private final int ipLength;
    private final UnsafeBuffer template;
    private final long templateSum;

    /** Between two overlay addresses of the same family. */
    public StandardEncap(IpAddress local, IpAddress remote, OuterHeaderPolicy policy) {
        if (local.isIpv6() != remote.isIpv6()) {
            throw new IllegalArgumentException(local + " and " + remote + " are of two families");
        }
        this.policy = policy;
        isIpv6 = local.isIpv6();
        ipLength = isIpv6 ? Ipv6Flyweight.HEADER_LENGTH : IPV4_LENGTH;
        template = new UnsafeBuffer(ByteBuffer.allocateDirect(ipLength));
        if (isIpv6) {
            template.putInt(0, 6 << 28, BIG_ENDIAN);
            template.putInt(4, IpFlyweight.PROTOCOL_UDP << 8, BIG_ENDIAN);
            template.putBytes(8, local.bytes());
            template.putBytes(24, remote.bytes());
        } else {
            template.putInt(0, 0x45 << 24, BIG_ENDIAN);
            template.putInt(4, Ipv4Flyweight.DONT_FRAGMENT, BIG_ENDIAN);
            template.putInt(8, IpFlyweight.PROTOCOL_UDP << 16, BIG_ENDIAN);
            template.putBytes(12, local.bytes());
            template.putBytes(16, remote.bytes());
        }
        templateSum = InternetChecksum.sum(template, 0, ipLength);
    }

    @Override
    public int headerLength() {
        return ipLength + UdpFlyweight.HEADER_LENGTH + VxlanFlyweight.HEADER_LENGTH;
    }

    @Override
    public void apply(UnsafeBuffer buffer, int frameOffset, int frameLength, int vni) {
        int start = frameOffset - headerLength();
        int udp = start + ipLength;
        int udpLength = UdpFlyweight.HEADER_LENGTH + VxlanFlyweight.HEADER_LENGTH + frameLength;
        int sourcePort = InnerFlowHash.sourcePort(buffer, frameOffset, frameLength);
        buffer.putBytes(start, template, 0, ipLength);
        buffer.putInt(udp, sourcePort << 16 | VxlanFlyweight.PORT, BIG_ENDIAN);
        buffer.putInt(udp + 4, udpLength << 16, BIG_ENDIAN);
        VxlanFlyweight.put(buffer, udp + UdpFlyweight.HEADER_LENGTH, vni);
        int trafficClass = policy.trafficClassOf(buffer, frameOffset, frameLength);
        int timeToLive = policy.timeToLiveOf(buffer, frameOffset, frameLength);
        if (isIpv6) {
            finishIpv6(buffer, start, udpLength, trafficClass, timeToLive);
        } else {
            finishIpv4(buffer, start, udpLength, trafficClass, timeToLive);
        }
    }

    private void finishIpv4(
            UnsafeBuffer buffer, int ip, int udpLength, int trafficClass, int timeToLive) {
        int totalLength = ipLength + udpLength;
        buffer.putByte(ip + TYPE_OF_SERVICE_OFFSET, (byte) trafficClass);
        buffer.putShort(ip + TOTAL_LENGTH_OFFSET, (short) totalLength, BIG_ENDIAN);
        buffer.putByte(ip + TIME_TO_LIVE_OFFSET, (byte) timeToLive);
        long sum =
                templateSum
                        + InternetChecksum.word(trafficClass)
                        + InternetChecksum.word(totalLength)
                        + InternetChecksum.word(timeToLive << 8);
        buffer.putShort(ip + CHECKSUM_OFFSET, (short) ~InternetChecksum.fold(sum));
    }

    private static void finishIpv6(
            UnsafeBuffer buffer, int ip, int udpLength, int trafficClass, int timeToLive) {
        buffer.putInt(ip, 6 << 28 | trafficClass << 20, BIG_ENDIAN);
        buffer.putShort(ip + IPV6_PAYLOAD_LENGTH_OFFSET, (short) udpLength, BIG_ENDIAN);
        buffer.putByte(ip + IPV6_HOP_LIMIT_OFFSET, (byte) timeToLive);
        int udp = ip + Ipv6Flyweight.HEADER_LENGTH;
        int checksum = udp + UdpFlyweight.CHECKSUM_OFFSET;
        long pseudoHeader =
                InternetChecksum.pseudoHeaderIpv6(buffer, ip, IpFlyweight.PROTOCOL_UDP, udpLength);
        buffer.putShort(checksum, (short) InternetChecksum.fold(pseudoHeader));
        InternetChecksum.finish(buffer, udp, udpLength, checksum);
    }
}
