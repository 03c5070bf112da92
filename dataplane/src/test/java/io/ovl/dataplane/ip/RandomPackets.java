package io.ovl.dataplane.ip;

import java.util.SplittableRandom;

/**
 * Random packets of every kind that can be a super-packet.
 *
 * <p>Thread: any; stateless.
 */
final class RandomPackets {
    private RandomPackets() {}

    /** A TCP or UDP packet without payload. */
    static PacketBuilder packet(SplittableRandom random) {
        PacketBuilder packet = joinable(random);
        if (packet.isIpv6 && random.nextInt(4) == 0) {
            packet.extensionHeader = Ipv6Flyweight.DESTINATION_OPTIONS;
            packet.extensions = new byte[] {(byte) (packet.isTcp ? 6 : 17), 0, 1, 4, 0, 0, 0, 0};
        }
        if (!packet.isIpv6 && random.nextInt(4) == 0) {
            packet.ipOptions = new byte[4 * (1 + random.nextInt(10))];
            random.nextBytes(packet.ipOptions);
        }
        return packet;
    }

    /** The same without IPv4 options and IPv6 extension headers. */
    static PacketBuilder joinable(SplittableRandom random) {
        PacketBuilder packet =
                switch (random.nextInt(4)) {
                    case 0 -> PacketBuilder.tcp4();
                    case 1 -> PacketBuilder.tcp6();
                    case 2 -> PacketBuilder.udp4();
                    default -> PacketBuilder.udp6();
                };
        packet.link =
                switch (random.nextInt(3)) {
                    case 0 -> new byte[0];
                    case 1 ->
                            packet.isIpv6
                                    ? PacketBuilder.ETHERNET_IPV6
                                    : PacketBuilder.ETHERNET_IPV4;
                    default -> packet.isIpv6 ? PacketBuilder.QINQ_IPV6 : PacketBuilder.VLAN_IPV4;
                };
        packet.source = packet.source.clone();
        packet.destination = packet.destination.clone();
        random.nextBytes(packet.source);
        random.nextBytes(packet.destination);
        packet.trafficClass = random.nextInt(256);
        packet.flowLabel = random.nextInt(1 << 20);
        packet.ttl = random.nextInt(256);
        packet.identification = random.nextInt(1 << 16);
        packet.fragment = random.nextBoolean() ? Ipv4Flyweight.DONT_FRAGMENT : 0;
        packet.sourcePort = random.nextInt(1 << 16);
        packet.destinationPort = random.nextInt(1 << 16);
        packet.sequence = random.nextInt();
        packet.acknowledgment = random.nextInt();
        packet.window = random.nextInt(1 << 16);
        packet.tcpOptions = new byte[random.nextInt(3) * 12];
        random.nextBytes(packet.tcpOptions);
        return packet;
    }

    /** Small, odd and large ones. */
    static int payloadLength(SplittableRandom random, int limit) {
        return 1 + random.nextInt(1 + random.nextInt(limit - 1));
    }
}
