package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One received packet as the {@link Coalescer} sees it: whether it may be joined with others at all, and with which.
 *
 * <p>The rules are those of the kernel's GRO. IPv4: no options, no fragments, the same TOS, TTL and DF; identification
 * one higher for each packet, or constant where DF makes it meaningless (RFC 6864 §4.1). IPv6: no extension headers,
 * the same traffic class, flow label and hop limit. TCP: ACK, and PSH on the last, no other flag; the same
 * acknowledgment, window and option bytes; sequence numbers without a gap. UDP: with a checksum. All: payload, link
 * headers the same, and every checksum right, because the joined packet gets a new one that would hide a damaged
 * payload.
 *
 * <p>Thread: the coalescer's. Ownership: borrows the packet until the next {@link #parse}. Units: bytes.
 */
final class FlowSegment {
    private static final int TCP_PSH_IN_WORD = TcpFlyweight.PSH << 16;

    private final UnsafeBuffer frame = new UnsafeBuffer(0, 0);
    private int linkLength;
    private int transportStart;
    private int headerLength;
    private int payloadLength;
    private boolean isIpv4;
    private boolean isTcp;

    /** Takes the frame; returns whether it may be joined with others of its flow. */
    boolean parse(UnsafeBuffer buffer, int offset, int length, int linkLength) {
        frame.wrap(buffer, offset, length);
        this.linkLength = linkLength;
        int version = IpFlyweight.versionOfFrame(frame, 0, length, linkLength);
        int packetLength = length - linkLength;
        if (version == 0
                || IpFlyweight.packetLength(frame, linkLength, packetLength) != packetLength) {
            return false;
        }
        isIpv4 = version == 4;
        int protocol;
        if (isIpv4) {
            if (Ipv4Flyweight.headerLength(frame, linkLength) != Ipv4Flyweight.MIN_HEADER_LENGTH
                    || Ipv4Flyweight.isFragment(frame, linkLength)) {
                return false;
            }
            protocol = Ipv4Flyweight.protocol(frame, linkLength);
            transportStart = linkLength + Ipv4Flyweight.MIN_HEADER_LENGTH;
        } else {
            protocol = Ipv6Flyweight.nextHeader(frame, linkLength);
            transportStart = linkLength + Ipv6Flyweight.HEADER_LENGTH;
        }
        isTcp = protocol == IpFlyweight.PROTOCOL_TCP;
        return isTcp ? parseTcp(length) : protocol == IpFlyweight.PROTOCOL_UDP && parseUdp(length);
    }

    private boolean parseTcp(int length) {
        if (length < transportStart + TcpFlyweight.MIN_HEADER_LENGTH) {
            return false;
        }
        int tcpLength = TcpFlyweight.headerLength(frame, transportStart);
        headerLength = transportStart + tcpLength;
        payloadLength = length - headerLength;
        return tcpLength >= TcpFlyweight.MIN_HEADER_LENGTH
                && payloadLength > 0
                && TcpFlyweight.reservedBits(frame, transportStart) == 0
                && (TcpFlyweight.flags(frame, transportStart) & ~TcpFlyweight.PSH)
                        == TcpFlyweight.ACK;
    }

    private boolean parseUdp(int length) {
        headerLength = transportStart + UdpFlyweight.HEADER_LENGTH;
        payloadLength = length - headerLength;
        return payloadLength > 0
                && UdpFlyweight.length(frame, transportStart) == length - transportStart
                && UdpFlyweight.hasChecksum(frame, transportStart);
    }

    /**
     * Whether {@code other} belongs behind this packet and {@code joinedCount - 1} more of the same payload length,
     * its checksums aside.
     */
    boolean isFollowedBy(FlowSegment other, int joinedCount) {
        return isIpv4 == other.isIpv4
                && isTcp == other.isTcp
                && linkLength == other.linkLength
                && headerLength == other.headerLength
                && other.payloadLength <= payloadLength
                && (isIpv4 ? isIpv4FlowOf(other, joinedCount) : isIpv6FlowOf(other))
                && hasSameInt(other, transportStart)
                && (!isTcp || isTcpFlowOf(other, joinedCount))
                && hasSameBytes(other, 0, linkLength);
    }

    private boolean isIpv4FlowOf(FlowSegment other, int joinedCount) {
        int identification = Ipv4Flyweight.identification(frame, linkLength);
        int otherIdentification = Ipv4Flyweight.identification(other.frame, linkLength);
        boolean isAtomic =
                (Ipv4Flyweight.flagsAndFragmentOffset(frame, linkLength)
                                & Ipv4Flyweight.DONT_FRAGMENT)
                        != 0;
        return hasSameLong(other, linkLength + Ipv4Flyweight.SOURCE_OFFSET)
                && (otherIdentification == (identification + joinedCount & 0xffff)
                        || isAtomic && otherIdentification == identification)
                && hasSameShort(other, linkLength)
                && hasSameShort(other, linkLength + Ipv4Flyweight.FLAGS_OFFSET)
                && hasSameShort(other, linkLength + Ipv4Flyweight.TIME_TO_LIVE_OFFSET);
    }

    private boolean isIpv6FlowOf(FlowSegment other) {
        int source = linkLength + Ipv6Flyweight.SOURCE_OFFSET;
        return hasSameLong(other, source)
                && hasSameLong(other, source + 8)
                && hasSameLong(other, source + 16)
                && hasSameLong(other, source + 24)
                && hasSameInt(other, linkLength)
                && hasSameShort(other, linkLength + Ipv6Flyweight.NEXT_HEADER_OFFSET);
    }

    private boolean isTcpFlowOf(FlowSegment other, int joinedCount) {
        int expected = TcpFlyweight.sequence(frame, transportStart) + joinedCount * payloadLength;
        int options = transportStart + TcpFlyweight.MIN_HEADER_LENGTH;
        return TcpFlyweight.sequence(other.frame, transportStart) == expected
                && hasSameInt(other, transportStart + TcpFlyweight.ACKNOWLEDGMENT_OFFSET)
                && ((TcpFlyweight.flagsWord(frame, transportStart)
                                        ^ TcpFlyweight.flagsWord(other.frame, transportStart))
                                & ~TCP_PSH_IN_WORD)
                        == 0
                && hasSameShort(other, transportStart + TcpFlyweight.URGENT_POINTER_OFFSET)
                && hasSameBytes(other, options, headerLength);
    }

    private boolean hasSameShort(FlowSegment other, int position) {
        return frame.getShort(position) == other.frame.getShort(position);
    }

    private boolean hasSameInt(FlowSegment other, int position) {
        return frame.getInt(position) == other.frame.getInt(position);
    }

    private boolean hasSameLong(FlowSegment other, int position) {
        return frame.getLong(position) == other.frame.getLong(position);
    }

    private boolean hasSameBytes(FlowSegment other, int from, int to) {
        int position = from;
        for (; position + 4 <= to; position += 4) {
            if (!hasSameInt(other, position)) {
                return false;
            }
        }
        for (; position < to; position++) {
            if (frame.getByte(position) != other.frame.getByte(position)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the IPv4 header's and the transport's checksum are right. */
    boolean hasValidChecksums() {
        if (isIpv4) {
            long sum = InternetChecksum.sum(frame, linkLength, Ipv4Flyweight.MIN_HEADER_LENGTH);
            if (InternetChecksum.fold(sum) != 0xffff) {
                return false;
            }
        }
        int length = frame.capacity() - transportStart;
        long sum = pseudoHeader(length) + InternetChecksum.sum(frame, transportStart, length);
        return InternetChecksum.fold(sum) == 0xffff;
    }

    /**
     * Makes this packet's headers those of a super-packet of {@code joinedLength} bytes of payload in place, with a
     * partial checksum, and writes the virtio header that says so.
     */
    void toSuperPacket(
            UnsafeBuffer virtioHeader, int virtioOffset, int joinedLength, boolean isPushed) {
        int packetLength = headerLength - linkLength + joinedLength;
        int transportLength = headerLength - transportStart + joinedLength;
        if (isIpv4) {
            Ipv4Flyweight.totalLength(frame, linkLength, packetLength);
            Ipv4Flyweight.updateChecksum(frame, linkLength);
        } else {
            Ipv6Flyweight.payloadLength(
                    frame, linkLength, packetLength - Ipv6Flyweight.HEADER_LENGTH);
        }
        int type;
        int checksumOffset;
        if (isTcp) {
            type = isIpv4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6;
            checksumOffset = TcpFlyweight.CHECKSUM_OFFSET;
            if (isPushed) {
                TcpFlyweight.flags(frame, transportStart, TcpFlyweight.ACK | TcpFlyweight.PSH);
            }
        } else {
            type = VirtioNetHeader.GSO_UDP_L4;
            checksumOffset = UdpFlyweight.CHECKSUM_OFFSET;
            UdpFlyweight.length(frame, transportStart, transportLength);
        }
        int partial = InternetChecksum.fold(pseudoHeader(transportLength));
        frame.putShort(transportStart + checksumOffset, (short) partial);
        VirtioNetHeader.putPartial(
                virtioHeader,
                virtioOffset,
                type,
                headerLength,
                payloadLength,
                transportStart,
                checksumOffset);
    }

    private long pseudoHeader(int transportLength) {
        int protocol = isTcp ? IpFlyweight.PROTOCOL_TCP : IpFlyweight.PROTOCOL_UDP;
        return isIpv4
                ? InternetChecksum.pseudoHeaderIpv4(frame, linkLength, protocol, transportLength)
                : InternetChecksum.pseudoHeaderIpv6(frame, linkLength, protocol, transportLength);
    }

    boolean isTcp() {
        return isTcp;
    }

    /** Whether no packet may follow this one in a super-packet. */
    boolean isPushed() {
        return isTcp && (TcpFlyweight.flags(frame, transportStart) & TcpFlyweight.PSH) != 0;
    }

    /** Length of IP and transport headers. */
    int packetHeaderLength() {
        return headerLength - linkLength;
    }

    int payloadLength() {
        return payloadLength;
    }

    long address() {
        return frame.addressOffset();
    }

    int length() {
        return frame.capacity();
    }

    long payloadAddress() {
        return frame.addressOffset() + headerLength;
    }
}
