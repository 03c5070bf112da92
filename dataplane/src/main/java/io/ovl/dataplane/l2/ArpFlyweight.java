package io.ovl.dataplane.l2;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Fields of an ARP message for IPv4 over Ethernet at an offset.
 *
 * <p>Thread: any; stateless. Wire: big-endian, RFC 826.
 *
 * <pre>
 *   0          2          4       5       6           8            14          18           24          28
 *  +----------+----------+-------+-------+-----------+------------+-----------+------------+-----------+
 *  | hardware | protocol | 6     | 4     | operation | sender MAC | sender IP | target MAC | target IP |
 *  +----------+----------+-------+-------+-----------+------------+-----------+------------+-----------+
 * </pre>
 */
final class ArpFlyweight {
    static final int LENGTH = 28;
    static final int REQUEST = 1;
    static final int REPLY = 2;

    /** Hardware type Ethernet, protocol type IPv4, and the lengths of their addresses. */
    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

    private static final int OPERATION_OFFSET = 6;
    private static final int SENDER_MAC_OFFSET = 8;
    private static final int SENDER_IP_OFFSET = 14;
    private static final int TARGET_MAC_OFFSET = 18;
    private static final int TARGET_IP_OFFSET = 24;

    private ArpFlyweight() {}

    static boolean isEthernetIpv4(UnsafeBuffer buffer, int offset) {
        return buffer.getLong(offset, BIG_ENDIAN) >>> 16 == ETHERNET_IPV4;
    }

    static int operation(UnsafeBuffer buffer, int offset) {
        return buffer.getShort(offset + OPERATION_OFFSET, BIG_ENDIAN) & 0xffff;
    }

    static long senderMac(UnsafeBuffer buffer, int offset) {
        return EthernetFlyweight.mac(buffer, offset + SENDER_MAC_OFFSET);
    }

    static long senderIp(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + SENDER_IP_OFFSET, BIG_ENDIAN) & 0xffff_ffffL;
    }

    static long targetIp(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset + TARGET_IP_OFFSET, BIG_ENDIAN) & 0xffff_ffffL;
    }

    static void putReply(
            UnsafeBuffer buffer,
            int offset,
            long mac,
            long ip,
            long requesterMac,
            long requesterIp) {
        buffer.putLong(offset, ETHERNET_IPV4 << 16 | REPLY, BIG_ENDIAN);
        EthernetFlyweight.mac(buffer, offset + SENDER_MAC_OFFSET, mac);
        buffer.putInt(offset + SENDER_IP_OFFSET, (int) ip, BIG_ENDIAN);
        EthernetFlyweight.mac(buffer, offset + TARGET_MAC_OFFSET, requesterMac);
        buffer.putInt(offset + TARGET_IP_OFFSET, (int) requesterIp, BIG_ENDIAN);
    }
}
