package io.ovl.dataplane.io;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6}. On a dual-stack socket IPv4 addresses are IPv4-mapped (RFC 4291
 * §2.5.5.2).
 *
 * <p>Thread: any. Wire: family in native, all else in network byte order.
 *
 * <pre>
 *   sockaddr_in    0 family   2 port   4 address                            (16 bytes)
 *   sockaddr_in6   0 family   2 port   4 flow info   8 address   24 scope   (28 bytes)
 * </pre>
 */
final class SocketAddressCodec {
    static final long IPV4_MAPPED = 0xffffL << 32;

    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int INET_LENGTH = 16;
    private static final int INET6_LENGTH = 28;

    private SocketAddressCodec() {}

    /** Returns the length written. */
    static int encode(UnsafeBuffer buffer, int offset, UdpAddress address, boolean isDualStack) {
        IpAddress ip = address.ip();
        buffer.putShort(offset + 2, (short) address.port(), BIG_ENDIAN);
        if (!isDualStack) {
            buffer.putShort(offset, AF_INET);
            buffer.putInt(offset + 4, (int) ip.low(), BIG_ENDIAN);
            buffer.putLong(offset + 8, 0);
            return INET_LENGTH;
        }
        buffer.putShort(offset, AF_INET6);
        buffer.putInt(offset + 4, 0);
        buffer.putLong(offset + 8, ip.high(), BIG_ENDIAN);
        buffer.putLong(offset + 16, ip.isIpv6() ? ip.low() : IPV4_MAPPED | ip.low(), BIG_ENDIAN);
        buffer.putInt(offset + 24, address.scopeId());
        return INET6_LENGTH;
    }

    /** Notes the address as the source of message {@code index}; IPv4-mapped is IPv4. */
    static void decode(UnsafeBuffer buffer, int offset, ReceiveBatch batch, int index) {
        int port = buffer.getShort(offset + 2, BIG_ENDIAN) & 0xffff;
        if (buffer.getShort(offset) == AF_INET) {
            long ipv4 = buffer.getInt(offset + 4, BIG_ENDIAN) & 0xffff_ffffL;
            batch.source(index, false, 0, ipv4, port, 0);
            return;
        }
        long high = buffer.getLong(offset + 8, BIG_ENDIAN);
        long low = buffer.getLong(offset + 16, BIG_ENDIAN);
        if (isMapped(high, low)) {
            batch.source(index, false, 0, low & 0xffff_ffffL, port, 0);
        } else {
            batch.source(index, true, high, low, port, buffer.getInt(offset + 24));
        }
    }

    static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }
}
