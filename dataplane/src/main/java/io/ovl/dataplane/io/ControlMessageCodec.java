package io.ovl.dataplane.io;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.config.model.IpAddress;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The control messages of datagrams: local address (packet info), traffic class, segment size.
 *
 * <p>Thread: any. Wire: each {@code struct cmsghdr} is length (8, itself included), level (4), type (4), then data,
 * padded to 8 bytes.
 */
final class ControlMessageCodec {
    private static final int HEADER_LENGTH = 16;
    private static final int SOL_IP = 0;
    private static final int IP_TOS = 1;
    private static final int IP_PKTINFO = 8;
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;
    private static final int SOL_IPV6 = 41;
    private static final int IPV6_PKTINFO = 50;
    private static final int IPV6_TCLASS = 67;

    private ControlMessageCodec() {}

    /**
     * Writes what message {@code index} of the batch needs, its source address unless that was refused.
     *
     * @param segmentLength 0 when the message is one datagram
     * @return the length written
     */
    static int encode(
            UnsafeBuffer buffer, int offset, SendBatch batch, int index, int segmentLength) {
        Endpoint endpoint = batch.endpoint(index);
        boolean isIpv6 = endpoint.address().ip().isIpv6();
        int end = offset;
        if (batch.trafficClass(index) != 0) {
            int type = isIpv6 ? IPV6_TCLASS : IP_TOS;
            int data = header(buffer, end, isIpv6 ? SOL_IPV6 : SOL_IP, type, 4);
            buffer.putInt(data, batch.trafficClass(index));
            end = data + 8;
        }
        IpAddress source = endpoint.source();
        if (source != null && source.isIpv6() == isIpv6 && !batch.isSourceRefused(index)) {
            end = encodeSource(buffer, end, source, endpoint.sourceInterface());
        }
        if (segmentLength > 0) {
            int data = header(buffer, end, SOL_UDP, UDP_SEGMENT, 2);
            buffer.putShort(data, (short) segmentLength);
            end = data + 8;
        }
        return end - offset;
    }

    /**
     * The source address without the interface it was reached through, which would pin the route and outlive a change
     * of it; only a link-local address means nothing without its interface.
     */
    private static int encodeSource(
            UnsafeBuffer buffer, int offset, IpAddress source, int sourceInterface) {
        if (!source.isIpv6()) {
            int data = header(buffer, offset, SOL_IP, IP_PKTINFO, 12);
            buffer.putInt(data, 0);
            buffer.putInt(data + 4, (int) source.low(), BIG_ENDIAN);
            buffer.putInt(data + 8, 0);
            return data + 16;
        }
        boolean isLinkLocal = source.high() >>> 54 == 0xfe80 >>> 6;
        int data = header(buffer, offset, SOL_IPV6, IPV6_PKTINFO, 20);
        buffer.putLong(data, source.high(), BIG_ENDIAN);
        buffer.putLong(data + 8, source.low(), BIG_ENDIAN);
        buffer.putInt(data + 16, isLinkLocal ? sourceInterface : 0);
        return data + 24;
    }

    private static int header(
            UnsafeBuffer buffer, int offset, int level, int type, int dataLength) {
        buffer.putLong(offset, HEADER_LENGTH + dataLength);
        buffer.putInt(offset + 8, level);
        buffer.putInt(offset + 12, type);
        return offset + HEADER_LENGTH;
    }

    /** Describes message {@code index} of the batch by its control messages; what they do not say is zero. */
    static void decode(
            UnsafeBuffer buffer,
            int offset,
            int controlLength,
            ReceiveBatch batch,
            int index,
            int length) {
        int segmentLength = length;
        int trafficClass = 0;
        batch.local(index, 0, 0, 0);
        int end = offset + controlLength;
        int at = offset;
        while (at + HEADER_LENGTH <= end) {
            int messageLength = (int) buffer.getLong(at);
            if (messageLength < HEADER_LENGTH || messageLength > end - at) {
                break;
            }
            int level = buffer.getInt(at + 8);
            int type = buffer.getInt(at + 12);
            int data = at + HEADER_LENGTH;
            if (level == SOL_UDP && type == UDP_GRO) {
                segmentLength = buffer.getInt(data);
            } else if (level == SOL_IP && type == IP_TOS
                    || level == SOL_IPV6 && type == IPV6_TCLASS) {
                // One byte for IPv4, an int for IPv6, little-endian either way where this runs.
                trafficClass = buffer.getByte(data) & 0xff;
            } else if (level == SOL_IPV6 && type == IPV6_PKTINFO) {
                decodeLocal(buffer, data, batch, index);
            } else if (level == SOL_IP && type == IP_PKTINFO) {
                long ipv4 = buffer.getInt(data + 8, BIG_ENDIAN) & 0xffff_ffffL;
                batch.local(index, 0, ipv4, buffer.getInt(data));
            }
            at += messageLength + 7 & ~7;
        }
        batch.message(index, length, segmentLength, trafficClass);
    }

    private static void decodeLocal(UnsafeBuffer buffer, int data, ReceiveBatch batch, int index) {
        long high = buffer.getLong(data, BIG_ENDIAN);
        long low = buffer.getLong(data + 8, BIG_ENDIAN);
        if (SocketAddressCodec.isMapped(high, low)) {
            low &= 0xffff_ffffL;
        }
        batch.local(index, high, low, buffer.getInt(data + 16));
    }
}
