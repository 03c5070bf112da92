package io.ovl.dataplane.vxlan;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.dataplane.ip.InternetChecksum;
import io.ovl.dataplane.ip.IpFlyweight;
import io.ovl.dataplane.ip.Ipv4Flyweight;
import io.ovl.dataplane.ip.Ipv6Flyweight;
import io.ovl.dataplane.ip.UdpFlyweight;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.stats.DropReason;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Checks and strips what stands in front of a frame: a VXLAN header ({@link #decap}: the payload of a clear datagram or
 * of an L2 compact message), or IP, UDP and VXLAN headers ({@link #decapStandard}: an opened packet of an L2 standard
 * peer).
 *
 * <p>A UDP checksum is verified where there is one. None is in order over IPv4; over IPv6 a VTEP may be allowed to
 * leave it out (RFC 6935 §5), and what is opened here has been authenticated.
 *
 * <p>Thread: one worker. Ownership: borrows the buffer for the length of a call; the accessors tell of the last call
 * that returned null. Drops: {@link DropReason#INVALID_LENGTH}, {@link DropReason#VXLAN_BAD_FLAGS},
 * {@link DropReason#VXLAN_GPE}, {@link DropReason#VXLAN_GBP}, {@link DropReason#VXLAN_RUNT_FRAME},
 * {@link DropReason#MALFORMED_INNER_PACKET}.
 */
public final class VxlanDecap {
    private int vni;
    private int frameOffset;
    private int frameLength;
    private int trafficClass;

    public int vni() {
        return vni;
    }

    /** Where the frame starts in the buffer. */
    public int frameOffset() {
        return frameOffset;
    }

    public int frameLength() {
        return frameLength;
    }

    /** The traffic class octet of the stripped IP header; only after {@link #decapStandard}. */
    public int trafficClass() {
        return trafficClass;
    }

    /**
     * The VNI of a header that has not been checked yet, for finding the segment whose settings decide how; -1 when
     * there is none.
     */
    public static int peekVni(UnsafeBuffer buffer, int offset, int length) {
        return length < VxlanFlyweight.HEADER_LENGTH
                ? -1
                : VxlanFlyweight.vni(VxlanFlyweight.word(buffer, offset));
    }

    /** Strips the VXLAN header at {@code offset}; null, or why the frame is to be dropped. */
    public @Nullable DropReason decap(
            UnsafeBuffer buffer, int offset, int length, boolean isStrict) {
        if (length < VxlanFlyweight.HEADER_LENGTH) {
            return DropReason.INVALID_LENGTH;
        }
        long word = VxlanFlyweight.word(buffer, offset);
        DropReason reason = VxlanFlyweight.validate(word, isStrict);
        if (reason != null) {
            return reason;
        }
        if (length < VxlanFlyweight.HEADER_LENGTH + EthernetFlyweight.HEADER_LENGTH) {
            return DropReason.VXLAN_RUNT_FRAME;
        }
        vni = VxlanFlyweight.vni(word);
        frameOffset = offset + VxlanFlyweight.HEADER_LENGTH;
        frameLength = length - VxlanFlyweight.HEADER_LENGTH;
        return null;
    }

    /**
     * Whether the IP packet at {@code offset} is UDP for the VXLAN port: of a peer that has a VTEP, it is for
     * {@link #decapStandard}.
     */
    public static boolean isStandard(UnsafeBuffer buffer, int offset, int length) {
        int udp = udpOffset(buffer, offset, length);
        return udp >= 0 && (buffer.getShort(udp + 2, BIG_ENDIAN) & 0xffff) == VxlanFlyweight.PORT;
    }

    /** Offset of the VXLAN header of a packet for which {@link #isStandard} holds. */
    public static int vxlanOffset(UnsafeBuffer buffer, int offset, int length) {
        return udpOffset(buffer, offset, length) + UdpFlyweight.HEADER_LENGTH;
    }

    /** Strips IP, UDP and VXLAN headers at {@code offset}; null, or why the frame is to be dropped. */
    public @Nullable DropReason decapStandard(
            UnsafeBuffer buffer, int offset, int length, boolean isStrict) {
        int udp = udpOffset(buffer, offset, length);
        if (udp < 0) {
            return DropReason.MALFORMED_INNER_PACKET;
        }
        int available = offset + IpFlyweight.packetLength(buffer, offset, length) - udp;
        int udpLength = UdpFlyweight.length(buffer, udp);
        if (udpLength < UdpFlyweight.HEADER_LENGTH
                || udpLength > available
                || !isChecksumGood(buffer, offset, udp, udpLength)) {
            return DropReason.MALFORMED_INNER_PACKET;
        }
        trafficClass =
                IpFlyweight.version(buffer, offset) == 4
                        ? Ipv4Flyweight.typeOfService(buffer, offset)
                        : Ipv6Flyweight.trafficClass(buffer, offset);
        return decap(
                buffer,
                udp + UdpFlyweight.HEADER_LENGTH,
                udpLength - UdpFlyweight.HEADER_LENGTH,
                isStrict);
    }

    /** Where a whole UDP header starts, -1 when the packet is none of UDP or a fragment. */
    private static int udpOffset(UnsafeBuffer buffer, int offset, int length) {
        int packetLength = IpFlyweight.packetLength(buffer, offset, length);
        if (packetLength < 0) {
            return -1;
        }
        int headerLength;
        if (IpFlyweight.version(buffer, offset) == 4) {
            headerLength = Ipv4Flyweight.headerLength(buffer, offset);
            if (Ipv4Flyweight.protocol(buffer, offset) != IpFlyweight.PROTOCOL_UDP
                    || Ipv4Flyweight.isFragment(buffer, offset)) {
                return -1;
            }
        } else {
            headerLength = Ipv6Flyweight.HEADER_LENGTH;
            if (Ipv6Flyweight.nextHeader(buffer, offset) != IpFlyweight.PROTOCOL_UDP) {
                return -1;
            }
        }
        return packetLength < headerLength + UdpFlyweight.HEADER_LENGTH
                ? -1
                : offset + headerLength;
    }

    private static boolean isChecksumGood(UnsafeBuffer buffer, int ip, int udp, int udpLength) {
        if (!UdpFlyweight.hasChecksum(buffer, udp)) {
            return true;
        }
        long pseudoHeader =
                IpFlyweight.version(buffer, ip) == 4
                        ? InternetChecksum.pseudoHeaderIpv4(
                                buffer, ip, IpFlyweight.PROTOCOL_UDP, udpLength)
                        : InternetChecksum.pseudoHeaderIpv6(
                                buffer, ip, IpFlyweight.PROTOCOL_UDP, udpLength);
        long sum = pseudoHeader + InternetChecksum.sum(buffer, udp, udpLength);
        return InternetChecksum.fold(sum) == 0xffff;
    }
}
