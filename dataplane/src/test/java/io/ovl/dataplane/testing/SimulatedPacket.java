package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;

import java.nio.ByteBuffer;

/**
 * IP packets of the overlay that say which one they are and whether they are unaltered.
 *
 * <p>Thread: any; no state.
 */
public final class SimulatedPacket {
    /** Shortest packet there is: two headers and a number. */
    public static final int MIN_LENGTH = 48;

    /** RFC 3692: for experiments, and nothing that a coalescer would touch. */
    private static final int PROTOCOL = 253;

    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV6_HEADER_LENGTH = 40;

    private SimulatedPacket() {}

    /** A packet of {@code length} bytes that carries {@code id}. */
    public static byte[] of(IpAddress source, IpAddress destination, long id, int length) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        if (source.isIpv6()) {
            packet.putInt(0x60000000).putShort((short) (length - IPV6_HEADER_LENGTH));
            packet.put((byte) PROTOCOL).put((byte) 64);
            packet.put(source.bytes()).put(destination.bytes());
        } else {
            packet.putShort((short) 0x4500).putShort((short) length).putInt(0x00014000);
            packet.put((byte) 64).put((byte) PROTOCOL).putShort((short) 0);
            packet.put(source.bytes()).put(destination.bytes());
            packet.putShort(10, checksum(packet));
        }
        packet.putLong(id);
        for (int at = packet.position(); at < length; at++) {
            packet.put(at, filler(id, at));
        }
        return packet.array();
    }

    /** The number in a packet; an assertion error when anything of the packet is not as it was made. */
    public static long id(byte[] packet) {
        boolean isIpv6 = packet[0] >> 4 == 6;
        int addresses = isIpv6 ? 8 : 12;
        int width = isIpv6 ? 16 : 4;
        byte[] source = new byte[width];
        byte[] destination = new byte[width];
        ByteBuffer.wrap(packet).position(addresses).get(source).get(destination);
        long id = ByteBuffer.wrap(packet).getLong(isIpv6 ? IPV6_HEADER_LENGTH : IPV4_HEADER_LENGTH);
        byte[] expected = of(IpAddress.of(source), IpAddress.of(destination), id, packet.length);
        for (int i = 0; i < packet.length; i++) {
            if (packet[i] != expected[i]) {
                throw new AssertionError("packet " + id + " is altered at byte " + i);
            }
        }
        return id;
    }

    private static byte filler(long id, int at) {
        return (byte) (id * 31 + at);
    }

    private static short checksum(ByteBuffer header) {
        int sum = 0;
        for (int i = 0; i < IPV4_HEADER_LENGTH; i += 2) {
            sum += header.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }
}
