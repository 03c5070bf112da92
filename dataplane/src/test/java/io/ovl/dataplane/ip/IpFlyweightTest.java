package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class IpFlyweightTest {
    @Test
    void shouldTakeLengthFromHeader() {
        byte[] v4 = PacketBuilder.tcp4().payload(100, 0).build();
        assertThat(length(v4, v4.length)).isEqualTo(140);
        byte[] v6 = PacketBuilder.udp6().payload(100, 0).build();
        assertThat(length(v6, v6.length)).isEqualTo(148);
    }

    @Test
    void shouldIgnorePaddingBehindPacket() {
        for (PacketBuilder packet :
                new PacketBuilder[] {PacketBuilder.tcp4(), PacketBuilder.udp6()}) {
            byte[] bytes = packet.payload(1, 0).build();
            byte[] padded = Arrays.copyOf(bytes, bytes.length + 15);
            assertThat(length(padded, padded.length)).isEqualTo(bytes.length);
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (PacketBuilder packet :
                new PacketBuilder[] {PacketBuilder.tcp4(), PacketBuilder.udp6()}) {
            byte[] bytes = packet.payload(10, 0).build();
            for (int available = 0; available < bytes.length; available++) {
                // The buffer ends where the packet does: reading further would throw.
                byte[] truncated = Arrays.copyOf(bytes, available);
                assertThat(length(truncated, available)).isEqualTo(IpFlyweight.MALFORMED);
            }
        }
    }

    @Test
    void shouldRefuseLengthsThatContradictEachOther() {
        UnsafeBuffer packet = new UnsafeBuffer(PacketBuilder.tcp4().payload(10, 0).build());
        Ipv4Flyweight.totalLength(packet, 0, 51);
        assertThat(IpFlyweight.packetLength(packet, 0, 50)).isEqualTo(IpFlyweight.MALFORMED);
        Ipv4Flyweight.totalLength(packet, 0, 19);
        assertThat(IpFlyweight.packetLength(packet, 0, 50)).isEqualTo(IpFlyweight.MALFORMED);
        Ipv4Flyweight.totalLength(packet, 0, 23);
        packet.putByte(0, (byte) 0x46);
        assertThat(IpFlyweight.packetLength(packet, 0, 50)).isEqualTo(IpFlyweight.MALFORMED);
        packet.putByte(0, (byte) 0x44);
        assertThat(IpFlyweight.packetLength(packet, 0, 50)).isEqualTo(IpFlyweight.MALFORMED);
        packet.putByte(0, (byte) 0x45);
        assertThat(IpFlyweight.packetLength(packet, 0, 50)).isEqualTo(23);
    }

    @Test
    void shouldTellUnknownVersions() {
        for (int version = 0; version < 16; version++) {
            byte[] packet = new byte[100];
            packet[0] = (byte) (version << 4 | 5);
            packet[3] = 20;
            int expected =
                    switch (version) {
                        case 4 -> 20;
                        case 6 -> 40;
                        default -> IpFlyweight.UNKNOWN_VERSION;
                    };
            assertThat(length(packet, 100)).isEqualTo(expected);
        }
    }

    @Test
    void shouldNeverReadBeyondWhatIsAvailable() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            if (bytes.length != 0) {
                bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
            }
            assertThat(length(bytes, bytes.length)).isLessThanOrEqualTo(bytes.length);
        }
    }

    private static int length(byte[] bytes, int available) {
        return IpFlyweight.packetLength(new UnsafeBuffer(bytes), 0, available);
    }
}
