package io.ovl.dataplane.netns;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An Ethernet frame that a test makes, or that came.
 *
 * <p>Many carry a mark, by which a test knows its own among what the kernels of the hosts say by themselves.
 *
 * <p>Thread: any; immutable.
 */
final class Frame {
    static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    static final String MULTICAST = "01:00:5e:00:00:fb";

    /** The first of the EtherTypes for local experiments (IEEE 802). */
    static final int EXPERIMENTAL = 0x88b5;

    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int IPV6 = 0x86dd;
    static final int VLAN = 0x8100;
    static final int PROVIDER_VLAN = 0x88a8;

    private static final int MAGIC = 'o' << 24 | 'v' << 16 | 'l' << 8 | '!';
    private static final int ADDRESSES_LENGTH = 12;
    private static final int HEADER_LENGTH = 14;
    private static final int EXPERIMENTAL_PROTOCOL = 253;
    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV6_HEADER_LENGTH = 40;

    private final byte[] bytes;

    Frame(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    static Frame of(String destination, String source, int etherType, byte[] payload) {
        return new Frame(
                ByteBuffer.allocate(HEADER_LENGTH + payload.length)
                        .put(mac(destination))
                        .put(mac(source))
                        .putShort((short) etherType)
                        .put(payload)
                        .array());
    }

    /** A frame of the least length, with a mark. */
    static Frame marked(String destination, String source, int mark) {
        return of(destination, source, EXPERIMENTAL, payload(mark, 46));
    }

    /** A frame around an IPv4 packet with a mark. */
    static Frame ipv4(
            String destination, String source, int trafficClass, int timeToLive, int mark) {
        byte[] payload = payload(mark, 26);
        ByteBuffer packet = ByteBuffer.allocate(IPV4_HEADER_LENGTH + payload.length);
        packet.put((byte) 0x45).put((byte) trafficClass).putShort((short) packet.capacity());
        packet.putInt(0)
                .put((byte) timeToLive)
                .put((byte) EXPERIMENTAL_PROTOCOL)
                .putShort((short) 0);
        packet.put(new byte[] {10, 1, 0, 1, 10, 1, 0, 2}).put(payload);
        packet.putShort(10, (short) checksum(packet, IPV4_HEADER_LENGTH));
        return of(destination, source, IPV4, packet.array());
    }

    /** A frame around an IPv6 packet with a mark. */
    static Frame ipv6(String destination, String source, int trafficClass, int hopLimit, int mark) {
        byte[] payload = payload(mark, 26);
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER_LENGTH + payload.length);
        packet.putInt(6 << 28 | trafficClass << 20).putShort((short) payload.length);
        packet.put((byte) EXPERIMENTAL_PROTOCOL).put((byte) hopLimit);
        packet.putLong(0xfd01L << 48).putLong(1).putLong(0xfd01L << 48).putLong(2).put(payload);
        return of(destination, source, IPV6, packet.array());
    }

    /** The frame with one more tag, outside of those that it has. */
    Frame tagged(int tagProtocol, int tag) {
        return new Frame(
                ByteBuffer.allocate(bytes.length + 4)
                        .put(bytes, 0, ADDRESSES_LENGTH)
                        .putShort((short) tagProtocol)
                        .putShort((short) tag)
                        .put(bytes, ADDRESSES_LENGTH, bytes.length - ADDRESSES_LENGTH)
                        .array());
    }

    byte[] bytes() {
        return bytes.clone();
    }

    String source() {
        return HexFormat.ofDelimiter(":").formatHex(bytes, 6, ADDRESSES_LENGTH);
    }

    /** What the frame carries, behind its tags. */
    int etherType() {
        return ByteBuffer.wrap(bytes).getShort(linkLength() - 2) & 0xffff;
    }

    /** What stands behind the Ethernet header and its tags. */
    byte[] payload() {
        return Arrays.copyOfRange(bytes, linkLength(), bytes.length);
    }

    /** Its mark, 0 when it has none. */
    int mark() {
        ByteBuffer payload = ByteBuffer.wrap(payload());
        int at =
                switch (etherType()) {
                    case EXPERIMENTAL -> 0;
                    case IPV4 -> IPV4_HEADER_LENGTH;
                    case IPV6 -> IPV6_HEADER_LENGTH;
                    default -> payload.capacity();
                };
        return at + 8 <= payload.capacity() && payload.getInt(at) == MAGIC
                ? payload.getInt(at + 4)
                : 0;
    }

    /** The traffic class of the IP packet in it. */
    int trafficClass() {
        byte[] packet = payload();
        return etherType() == IPV4
                ? packet[1] & 0xff
                : (packet[0] & 0xf) << 4 | (packet[1] & 0xff) >> 4;
    }

    /** The time to live, or the hop limit, of the IP packet in it. */
    int timeToLive() {
        return payload()[etherType() == IPV4 ? 8 : 7] & 0xff;
    }

    /** Whether the checksum of its IPv4 header is right. */
    boolean hasGoodIpv4Checksum() {
        return checksum(ByteBuffer.wrap(payload()), IPV4_HEADER_LENGTH) == 0;
    }

    /** Whether that frame has come as this one, with padding at most. */
    boolean isIn(Frame arrived) {
        return arrived.bytes.length >= bytes.length
                && Arrays.equals(bytes, Arrays.copyOf(arrived.bytes, bytes.length));
    }

    /** An address that no device here has: of that host's pretended stations, that number. */
    static String station(int host, int number) {
        return String.format(
                "02:00:%02x:%02x:%02x:%02x",
                host, number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
    }

    static byte[] mac(String text) {
        return HexFormat.ofDelimiter(":").parseHex(text);
    }

    private static byte[] payload(int mark, int length) {
        return ByteBuffer.allocate(length).putInt(MAGIC).putInt(mark).array();
    }

    private int linkLength() {
        int length = HEADER_LENGTH;
        while (length + 4 <= bytes.length) {
            int etherType = ByteBuffer.wrap(bytes).getShort(length - 2) & 0xffff;
            if (etherType != VLAN && etherType != PROVIDER_VLAN) {
                break;
            }
            length += 4;
        }
        return length;
    }

    private static int checksum(ByteBuffer packet, int length) {
        int sum = 0;
        for (int at = 0; at < length; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        sum = (sum >> 16) + (sum & 0xffff);
        return ~(sum + (sum >> 16)) & 0xffff;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
