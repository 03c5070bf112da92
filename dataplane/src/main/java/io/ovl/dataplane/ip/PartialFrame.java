package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A frame from a tunnel whose TCP or UDP checksum the sending kernel has left to a network card that was none: the
 * field holds the pseudo-header's sum only. A veth pair hands such frames over as they are, and TCP super-packets with
 * them, which no length but their own tells from one packet. They are no use to a receiver unless the virtio header in
 * front says what is left to do.
 *
 * <p>A right checksum may by chance be the same number, and nothing comes of taking it for a partial one: to finish it
 * is to sum what it already counts, which gives that number again. No checksum at all, zero, is never the sum of a
 * pseudo-header.
 *
 * <p>The size of a super-packet's TCP segments does not travel with it: they become as large as the MTU allows, which
 * may be larger than the sender meant them to be. The size of UDP datagrams comes from the socket that received them.
 *
 * <p>Thread: one worker. Ownership: borrows the buffer for the length of {@link #parse}; the rest tells of the last one
 * that returned true. Units: bytes. Errors: none; fragments, IPv6 extension headers and whatever contradicts itself are
 * not taken.
 */
public final class PartialFrame {
    private int linkLength;
    private int length;
    private int transportStart;
    private int transportHeaderLength;
    private int tcpFlags;
    private boolean isIpv4;
    private boolean isTcp;

    /**
     * Takes the frame; returns whether its transport checksum is partial.
     *
     * @param linkLength length of the Ethernet header with its VLAN tags
     */
    public boolean parse(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        int version = IpFlyweight.versionOfFrame(buffer, offset, length, linkLength);
        int ip = offset + linkLength;
        int packetLength = IpFlyweight.packetLength(buffer, ip, length - linkLength);
        if (version == 0 || packetLength < 0) {
            return false;
        }
        isIpv4 = version == 4;
        if (isIpv4 && Ipv4Flyweight.isFragment(buffer, ip)) {
            return false;
        }
        int headerLength =
                isIpv4 ? Ipv4Flyweight.headerLength(buffer, ip) : Ipv6Flyweight.HEADER_LENGTH;
        int protocol =
                isIpv4 ? Ipv4Flyweight.protocol(buffer, ip) : Ipv6Flyweight.nextHeader(buffer, ip);
        int transport = ip + headerLength;
        int transportLength = packetLength - headerLength;
        isTcp = protocol == IpFlyweight.PROTOCOL_TCP;
        boolean isWhole =
                isTcp
                        ? isWholeTcp(buffer, transport, transportLength)
                        : protocol == IpFlyweight.PROTOCOL_UDP
                                && isWholeUdp(buffer, transport, transportLength);
        if (!isWhole) {
            return false;
        }
        this.linkLength = linkLength;
        this.length = linkLength + packetLength;
        transportStart = linkLength + headerLength;
        long sum =
                isIpv4
                        ? InternetChecksum.pseudoHeaderIpv4(buffer, ip, protocol, transportLength)
                        : InternetChecksum.pseudoHeaderIpv6(buffer, ip, protocol, transportLength);
        int checksum = buffer.getShort(transport + checksumOffset()) & 0xffff;
        return checksum == InternetChecksum.fold(sum);
    }

    private boolean isWholeTcp(UnsafeBuffer buffer, int transport, int transportLength) {
        if (transportLength < TcpFlyweight.MIN_HEADER_LENGTH) {
            return false;
        }
        transportHeaderLength = TcpFlyweight.headerLength(buffer, transport);
        tcpFlags = TcpFlyweight.flags(buffer, transport);
        return transportHeaderLength >= TcpFlyweight.MIN_HEADER_LENGTH
                && transportHeaderLength <= transportLength;
    }

    private boolean isWholeUdp(UnsafeBuffer buffer, int transport, int transportLength) {
        transportHeaderLength = UdpFlyweight.HEADER_LENGTH;
        return transportLength >= UdpFlyweight.HEADER_LENGTH
                && UdpFlyweight.length(buffer, transport) == transportLength;
    }

    private int checksumOffset() {
        return isTcp ? TcpFlyweight.CHECKSUM_OFFSET : UdpFlyweight.CHECKSUM_OFFSET;
    }

    /** Length of the frame as its IP header has it: padding must not be summed. */
    public int length() {
        return length;
    }

    /** Whether the packet is UDP. */
    public boolean isUdp() {
        return !isTcp;
    }

    /**
     * Writes the virtio header that says what is left to do.
     *
     * @param mtu the largest IP packet that may be made of a TCP super-packet
     * @param datagramLength payload of each UDP datagram in a super-packet; 0 when it is none
     */
    public void putVirtioHeader(
            UnsafeBuffer virtioHeader, int offset, int mtu, int datagramLength) {
        int headerLength = transportStart + transportHeaderLength;
        int segmentLength = isTcp ? linkLength + mtu - headerLength : datagramLength;
        boolean isSuper = segmentLength > 0 && length - headerLength > segmentLength;
        VirtioNetHeader.putPartial(
                virtioHeader,
                offset,
                isSuper ? gsoType() : VirtioNetHeader.GSO_NONE,
                isSuper ? headerLength : 0,
                isSuper ? segmentLength : 0,
                transportStart,
                checksumOffset());
    }

    private int gsoType() {
        if (!isTcp) {
            return VirtioNetHeader.GSO_UDP_L4;
        }
        int type = isIpv4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6;
        return (tcpFlags & TcpFlyweight.CWR) == 0 ? type : type | VirtioNetHeader.GSO_ECN;
    }
}
