package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Splits a super-packet from a device into wire packets in place, and finishes the partial checksum of any other frame.
 *
 * <p>A cursor: {@link #begin} looks at the frame and stands before the first packet, each {@link #next} makes one
 * packet of it:
 *
 * <pre>
 *   for (int count = segmenter.begin(buffer, vnetOffset, frameLength, linkLength); count &gt; 0; count--) {
 *       segmenter.next();
 *       seal(buffer, segmenter.offset(), segmenter.length());
 *   }
 * </pre>
 *
 * <p>A segment's headers are written right in front of its payload, over the end of the segment before it, which
 * therefore must have been consumed. Nothing else moves:
 *
 * <pre>
 *  | headers | payload 0 | payload 1 | payload 2 |       as read
 *  | headers | payload 0 |                               first packet
 *            |   headers | payload 1 |                   second packet
 *                        |   headers | payload 2 |       third packet
 * </pre>
 *
 * <p>Segments are numbered as the kernel would: IPv4 identification and TCP sequence number go up, FIN and PSH stay on
 * the last segment, CWR on the first. Transport checksums are derived from the partial checksum in the super-packet, so
 * that a pseudo-header that is not the IP header's (IPv6 routing header) stays right.
 *
 * <p>Thread: its worker. Ownership: borrows the buffer from {@link #begin} to the last {@link #next}. Units: bytes.
 * Wire: virtio 1.3 §5.1.6; TCPV4, TCPV6 and UDP_L4, IPv4 options, IPv6 extension headers but fragments, TCP options,
 * link headers with VLAN tags. Errors: {@link #begin} returns {@link #MALFORMED} when virtio header and packet
 * contradict each other, or headers exceed {@link #MAX_HEADER_LENGTH}; the bytes are untouched then.
 */
public final class Segmenter {
    /** {@link #begin}: virtio header and packet contradict each other. */
    public static final int MALFORMED = -1;

    /** Most bytes of link, IP and transport headers together that a super-packet may have. */
    public static final int MAX_HEADER_LENGTH = 512;

    /** The headers as they came: the place they stood in is overwritten on the way. */
    private final UnsafeBuffer template =
            new UnsafeBuffer(ByteBuffer.allocateDirect(MAX_HEADER_LENGTH));

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private int frameOffset;
    private int frameLength;
    private int linkLength;
    private int gsoSize;
    private int transportStart;
    private int checksumOffset;
    private int headerLength;
    private int payloadLength;
    private boolean isIpv4;
    private boolean isTcp;
    private int identification;
    private int sequence;
    private int tcpFlags;
    private int partialChecksum;
    private int count;
    private int index;
    private int offset;
    private int length;

    /**
     * Starts on the frame of {@code length} bytes behind the virtio header at {@code vnetOffset}.
     *
     * @param linkLength length of the Ethernet header with its VLAN tags, 0 for an IP packet alone
     * @return number of packets it makes, or {@link #MALFORMED}
     */
    public int begin(UnsafeBuffer buffer, int vnetOffset, int length, int linkLength) {
        count = 0;
        index = 0;
        frameOffset = vnetOffset + VirtioNetHeader.LENGTH;
        frameLength = length;
        this.linkLength = linkLength;
        int flags = VirtioNetHeader.flags(buffer, vnetOffset);
        int type = VirtioNetHeader.gsoType(buffer, vnetOffset) & ~VirtioNetHeader.GSO_ECN;
        gsoSize = VirtioNetHeader.gsoSize(buffer, vnetOffset);
        transportStart = VirtioNetHeader.checksumStart(buffer, vnetOffset);
        checksumOffset = VirtioNetHeader.checksumOffset(buffer, vnetOffset);
        boolean isPartial = (flags & VirtioNetHeader.FLAG_NEEDS_CSUM) != 0;
        this.buffer.wrap(buffer, frameOffset, length);
        if (type == VirtioNetHeader.GSO_NONE) {
            return beginSingle(isPartial);
        }
        if (!isPartial || !isConsistent(type)) {
            return MALFORMED;
        }
        saveTemplate();
        count = (payloadLength + gsoSize - 1) / gsoSize;
        return count;
    }

    private int beginSingle(boolean isPartial) {
        headerLength = 0;
        payloadLength = frameLength;
        if (isPartial) {
            if (transportStart < linkLength || transportStart + checksumOffset + 2 > frameLength) {
                return MALFORMED;
            }
            InternetChecksum.finish(
                    buffer,
                    transportStart,
                    frameLength - transportStart,
                    transportStart + checksumOffset);
        }
        gsoSize = 0;
        count = 1;
        return 1;
    }

    /** Whether the packet is what the virtio header says it is; sets the header and payload lengths. */
    private boolean isConsistent(int type) {
        int version = IpFlyweight.versionOfFrame(buffer, 0, frameLength, linkLength);
        isIpv4 = version == 4;
        isTcp = type != VirtioNetHeader.GSO_UDP_L4;
        boolean isVersionRight =
                switch (type) {
                    case VirtioNetHeader.GSO_TCPV4 -> version == 4;
                    case VirtioNetHeader.GSO_TCPV6 -> version == 6;
                    case VirtioNetHeader.GSO_UDP_L4 -> version != 0;
                    default -> false;
                };
        int packetLength = frameLength - linkLength;
        if (!isVersionRight
                || gsoSize == 0
                || IpFlyweight.packetLength(buffer, linkLength, packetLength) != packetLength) {
            return false;
        }
        int protocol = isTcp ? IpFlyweight.PROTOCOL_TCP : IpFlyweight.PROTOCOL_UDP;
        boolean isTransportRight =
                isIpv4 ? endsIpv4HeaderAtTransport(protocol) : endsIpv6HeadersAtTransport(protocol);
        return isTransportRight && (isTcp ? isTcpConsistent() : isUdpConsistent());
    }

    private boolean endsIpv4HeaderAtTransport(int protocol) {
        return linkLength + Ipv4Flyweight.headerLength(buffer, linkLength) == transportStart
                && Ipv4Flyweight.protocol(buffer, linkLength) == protocol
                && !Ipv4Flyweight.isFragment(buffer, linkLength);
    }

    private boolean endsIpv6HeadersAtTransport(int protocol) {
        int next = Ipv6Flyweight.nextHeader(buffer, linkLength);
        int position = linkLength + Ipv6Flyweight.HEADER_LENGTH;
        int limit = Math.min(transportStart, frameLength);
        while (Ipv6Flyweight.isExtensionHeader(next) && position + 8 <= limit) {
            int header = position;
            next = Ipv6Flyweight.extensionNextHeader(buffer, header);
            position += Ipv6Flyweight.extensionLength(buffer, header);
        }
        return next == protocol && position == transportStart;
    }

    private boolean isTcpConsistent() {
        if (checksumOffset != TcpFlyweight.CHECKSUM_OFFSET
                || transportStart + TcpFlyweight.MIN_HEADER_LENGTH > frameLength) {
            return false;
        }
        int length = TcpFlyweight.headerLength(buffer, transportStart);
        return length >= TcpFlyweight.MIN_HEADER_LENGTH && hasPayloadBehind(length);
    }

    private boolean isUdpConsistent() {
        return checksumOffset == UdpFlyweight.CHECKSUM_OFFSET
                && hasPayloadBehind(UdpFlyweight.HEADER_LENGTH)
                && UdpFlyweight.length(buffer, transportStart) == frameLength - transportStart;
    }

    private boolean hasPayloadBehind(int transportHeaderLength) {
        headerLength = transportStart + transportHeaderLength;
        payloadLength = frameLength - headerLength;
        return headerLength <= MAX_HEADER_LENGTH && payloadLength > 0;
    }

    private void saveTemplate() {
        template.putBytes(0, buffer, 0, headerLength);
        partialChecksum = template.getShort(transportStart + checksumOffset) & 0xffff;
        // The partial checksum counts the super-packet's length, each segment's takes its place.
        partialChecksum += ~InternetChecksum.word(frameLength - transportStart) & 0xffff;
        if (isIpv4) {
            identification = Ipv4Flyweight.identification(template, linkLength);
        }
        if (isTcp) {
            sequence = TcpFlyweight.sequence(template, transportStart);
            tcpFlags = TcpFlyweight.flags(template, transportStart);
        }
    }

    /**
     * Length of the longest packet, with its link header, that the frame makes if the virtio header at
     * {@code vnetOffset} tells the truth about it.
     */
    public static int longestPacket(UnsafeBuffer buffer, int vnetOffset, int length) {
        int type = VirtioNetHeader.gsoType(buffer, vnetOffset) & ~VirtioNetHeader.GSO_ECN;
        int start = VirtioNetHeader.checksumStart(buffer, vnetOffset);
        if (type == VirtioNetHeader.GSO_NONE || start + TcpFlyweight.MIN_HEADER_LENGTH > length) {
            return length;
        }
        int headerLength =
                type == VirtioNetHeader.GSO_UDP_L4
                        ? UdpFlyweight.HEADER_LENGTH
                        : TcpFlyweight.headerLength(
                                buffer, vnetOffset + VirtioNetHeader.LENGTH + start);
        return Math.min(length, start + headerLength + VirtioNetHeader.gsoSize(buffer, vnetOffset));
    }

    /** Moves to the next packet and makes it complete; to be called as often as {@link #begin} said. */
    public void next() {
        if (index == count) {
            throw new IllegalStateException("all " + count + " packets are done");
        }
        int start = index * gsoSize;
        int segmentPayload =
                gsoSize == 0 ? payloadLength : Math.min(gsoSize, payloadLength - start);
        offset = frameOffset + start;
        length = headerLength + segmentPayload;
        if (headerLength != 0) {
            putHeaders(start);
        }
        index++;
    }

    private void putHeaders(int start) {
        buffer.putBytes(start, template, 0, headerLength);
        int ip = start + linkLength;
        int transport = start + transportStart;
        int transportLength = length - transportStart;
        if (isIpv4) {
            Ipv4Flyweight.totalLength(buffer, ip, length - linkLength);
            Ipv4Flyweight.identification(buffer, ip, identification + index);
            Ipv4Flyweight.updateChecksum(buffer, ip);
        } else {
            Ipv6Flyweight.payloadLength(
                    buffer, ip, length - linkLength - Ipv6Flyweight.HEADER_LENGTH);
        }
        if (isTcp) {
            TcpFlyweight.sequence(buffer, transport, sequence + index * gsoSize);
            TcpFlyweight.flags(buffer, transport, flagsOfSegment());
        } else {
            UdpFlyweight.length(buffer, transport, transportLength);
        }
        int partial = partialChecksum + InternetChecksum.word(transportLength);
        buffer.putShort(transport + checksumOffset, (short) InternetChecksum.fold(partial));
        InternetChecksum.finish(buffer, transport, transportLength, transport + checksumOffset);
    }

    private int flagsOfSegment() {
        int flags = tcpFlags;
        if (index != 0) {
            flags &= ~TcpFlyweight.CWR;
        }
        if (index != count - 1) {
            flags &= ~(TcpFlyweight.FIN | TcpFlyweight.PSH);
        }
        return flags;
    }

    /** How many bytes it copies for the frame: the headers, once aside and once in front of each segment. */
    public int copiedLength() {
        return headerLength == 0 ? 0 : headerLength * (count + 1);
    }

    /** Where the packet starts, with its link header, in the buffer given to {@link #begin}. */
    public int offset() {
        return offset;
    }

    /** Length of the packet with its link header. */
    public int length() {
        return length;
    }
}
