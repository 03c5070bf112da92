package io.ovl.dataplane.ip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Builds TCP and UDP packets field by field, the straightforward way: what the classes under test are compared with.
 *
 * <p>Thread: one owner.
 */
final class PacketBuilder implements Cloneable {
    static final byte[] ETHERNET_IPV4 = link(0x0800);
    static final byte[] ETHERNET_IPV6 = link(0x86dd);
    static final byte[] VLAN_IPV4 = link(0x8100, 0x0064, 0x0800);
    static final byte[] QINQ_IPV6 = link(0x88a8, 0x0064, 0x8100, 0x0065, 0x86dd);

    byte[] link = {};
    boolean isIpv6;
    boolean isTcp = true;
    int trafficClass;
    int flowLabel;
    int ttl = 64;
    int identification = 1;
    int fragment = Ipv4Flyweight.DONT_FRAGMENT;
    byte[] source = {10, 0, 0, 1};
    byte[] destination = {10, 0, 0, 2};
    byte[] ipOptions = {};

    /** Where the pseudo-header's destination is another than the header's. */
    byte[] finalDestination = {};

    int extensionHeader = -1;
    byte[] extensions = {};
    int sourcePort = 4242;
    int destinationPort = 80;
    int sequence = 1000;
    int acknowledgment = 77;
    int reserved;
    int flags = TcpFlyweight.ACK;
    int window = 512;
    int urgent;
    byte[] tcpOptions = {};
    byte[] payload = {};

    static PacketBuilder tcp4() {
        return new PacketBuilder();
    }

    static PacketBuilder udp4() {
        PacketBuilder builder = new PacketBuilder();
        builder.isTcp = false;
        return builder;
    }

    static PacketBuilder tcp6() {
        PacketBuilder builder = new PacketBuilder();
        builder.isIpv6 = true;
        builder.source = address6(1);
        builder.destination = address6(2);
        return builder;
    }

    static PacketBuilder udp6() {
        PacketBuilder builder = tcp6();
        builder.isTcp = false;
        return builder;
    }

    static byte[] address6(int last) {
        byte[] address = new byte[16];
        address[0] = (byte) 0xfd;
        address[15] = (byte) last;
        return address;
    }

    private static byte[] link(int... types) {
        ByteBuffer bytes = ByteBuffer.allocate(12 + 2 * types.length);
        bytes.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2});
        for (int type : types) {
            bytes.putShort((short) type);
        }
        return bytes.array();
    }

    /** Ascending bytes, so that a misplaced one shows. */
    PacketBuilder payload(int length, int first) {
        payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (first + i + i / 251);
        }
        return this;
    }

    PacketBuilder copy() {
        try {
            return (PacketBuilder) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Where the transport header starts in the frame. */
    int transportStart() {
        return link.length + ipHeaderLength();
    }

    /** Where the payload starts in the frame. */
    int headerLength() {
        return transportStart() + (isTcp ? 20 + tcpOptions.length : 8);
    }

    int checksumOffset() {
        return isTcp ? 16 : 6;
    }

    int gsoType() {
        if (!isTcp) {
            return VirtioNetHeader.GSO_UDP_L4;
        }
        return isIpv6 ? VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_TCPV4;
    }

    private int ipHeaderLength() {
        return isIpv6 ? 40 + extensions.length : 20 + ipOptions.length;
    }

    /** The frame, complete. */
    byte[] build() {
        byte[] frame = buildWithChecksum(0);
        byte[] transport = Arrays.copyOfRange(frame, transportStart(), frame.length);
        int checksum = ~sum(pseudoHeader(transport.length), transport) & 0xffff;
        return buildWithChecksum(checksum == 0 ? 0xffff : checksum);
    }

    /** The frame with the pseudo-header's sum in place of the checksum. */
    byte[] buildPartial() {
        return buildWithChecksum(
                sum(pseudoHeader(headerLength() - transportStart() + payload.length)));
    }

    private byte[] buildWithChecksum(int checksum) {
        byte[] transport = isTcp ? tcp(checksum) : udp(checksum);
        byte[] ip = isIpv6 ? ipv6(transport.length) : ipv4(transport.length);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(link);
        frame.writeBytes(ip);
        frame.writeBytes(transport);
        return frame.toByteArray();
    }

    private byte[] tcp(int checksum) {
        int headerLength = 20 + tcpOptions.length;
        return ByteBuffer.allocate(headerLength + payload.length)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(sequence)
                .putInt(acknowledgment)
                .put((byte) (headerLength / 4 << 4 | reserved))
                .put((byte) flags)
                .putShort((short) window)
                .putShort((short) checksum)
                .putShort((short) urgent)
                .put(tcpOptions)
                .put(payload)
                .array();
    }

    private byte[] udp(int checksum) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putShort((short) (8 + payload.length))
                .putShort((short) checksum)
                .put(payload)
                .array();
    }

    private byte[] ipv4(int transportLength) {
        int headerLength = ipHeaderLength();
        ByteBuffer header =
                ByteBuffer.allocate(headerLength)
                        .put((byte) (0x40 | headerLength / 4))
                        .put((byte) trafficClass)
                        .putShort((short) (headerLength + transportLength))
                        .putShort((short) identification)
                        .putShort((short) fragment)
                        .put((byte) ttl)
                        .put((byte) protocol())
                        .putShort((short) 0)
                        .put(source)
                        .put(destination)
                        .put(ipOptions);
        return header.putShort(10, (short) ~sum(header.array())).array();
    }

    private byte[] ipv6(int transportLength) {
        return ByteBuffer.allocate(40 + extensions.length)
                .putInt(6 << 28 | trafficClass << 20 | flowLabel)
                .putShort((short) (extensions.length + transportLength))
                .put((byte) (extensions.length == 0 ? protocol() : extensionHeader))
                .put((byte) ttl)
                .put(source)
                .put(destination)
                .put(extensions)
                .array();
    }

    private int protocol() {
        return isTcp ? 6 : 17;
    }

    private byte[] pseudoHeader(int transportLength) {
        byte[] last = finalDestination.length == 0 ? destination : finalDestination;
        return ByteBuffer.allocate(source.length + last.length + 8)
                .put(source)
                .put(last)
                .putInt(transportLength)
                .putInt(protocol())
                .array();
    }

    /** RFC 1071 word by word. */
    static int sum(byte[]... ranges) {
        int sum = 0;
        for (byte[] range : ranges) {
            for (int i = 0; i < range.length; i++) {
                int octet = range[i] & 0xff;
                sum += i % 2 == 0 ? octet << 8 : octet;
                sum = (sum & 0xffff) + (sum >> 16);
            }
        }
        return sum;
    }
}
