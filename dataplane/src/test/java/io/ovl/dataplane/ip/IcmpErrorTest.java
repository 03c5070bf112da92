package io.ovl.dataplane.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

class IcmpErrorTest {
    private static final int OUT_OFFSET = 5;

    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(1285));

    @Test
    void shouldAnswerIpv4WithHostUnreachable() {
        byte[] packet = PacketBuilder.udp4().payload(30, 0).build();
        byte[] error = unreachable(packet);
        assertIpv4(error, packet, 3, 1, 0);
    }

    @Test
    void shouldAnswerIpv6WithAddressUnreachable() {
        byte[] packet = PacketBuilder.udp6().payload(30, 0).build();
        byte[] error = unreachable(packet);
        assertIpv6(error, packet, 1, 3, 0);
    }

    @Test
    void shouldTellMtu() {
        byte[] v4 = PacketBuilder.tcp4().payload(1400, 0).build();
        assertIpv4(tooBig(v4, 1380), v4, 3, 4, 1380);
        byte[] v6 = PacketBuilder.tcp6().payload(1400, 0).build();
        assertIpv6(tooBig(v6, 1380), v6, 2, 0, 1380);
    }

    @Test
    void shouldNotTellMtuBelowMinimum() {
        byte[] v4 = PacketBuilder.tcp4().payload(1400, 0).build();
        assertIpv4(tooBig(v4, 10), v4, 3, 4, 68);
        byte[] v6 = PacketBuilder.tcp6().payload(1400, 0).build();
        assertIpv6(tooBig(v6, 1279), v6, 2, 0, 1280);
    }

    @Test
    void shouldQuoteAsMuchAsFits() {
        byte[] v4 = PacketBuilder.tcp4().payload(60_000, 0).build();
        assertThat(unreachable(v4)).hasSize(576);
        byte[] v6 = PacketBuilder.tcp6().payload(60_000, 0).build();
        assertThat(unreachable(v6)).hasSize(1280);
    }

    @Test
    void shouldNotQuotePadding() {
        byte[] packet = PacketBuilder.udp4().payload(30, 0).build();
        assertThat(unreachable(Arrays.copyOf(packet, 64))).hasSize(28 + packet.length);
    }

    @Test
    void shouldNotAnswerMalformedPackets() {
        assertThat(unreachable(new byte[0])).isEmpty();
        assertThat(unreachable(new byte[100])).isEmpty();
        byte[] packet = PacketBuilder.udp4().payload(30, 0).build();
        assertThat(unreachable(Arrays.copyOf(packet, 57))).isEmpty();
        assertThat(tooBig(Arrays.copyOf(packet, 57), 1000)).isEmpty();
    }

    @Test
    void shouldNotAnswerIpv4Errors() {
        for (int type = 0; type < 256; type++) {
            boolean isQuery = type <= 18 && !Arrays.asList(3, 4, 5, 11, 12).contains(type);
            byte[] packet = PacketBuilder.udp4().payload(30, 0).build();
            packet[9] = 1;
            packet[20] = (byte) type;
            assertThat(unreachable(packet).length != 0).isEqualTo(isQuery);
            assertThat(tooBig(packet, 1000).length != 0).isEqualTo(isQuery);
        }
    }

    @Test
    void shouldNotAnswerIpv6Errors() {
        for (int type = 0; type < 256; type++) {
            boolean isInformational = type >= 128 && type != 137;
            byte[] packet = PacketBuilder.udp6().payload(30, 0).build();
            packet[6] = 58;
            packet[40] = (byte) type;
            assertThat(unreachable(packet).length != 0).isEqualTo(isInformational);
            assertThat(tooBig(packet, 1000).length != 0).isEqualTo(isInformational);
        }
    }

    @Test
    void shouldFindIpv6ErrorsBehindExtensionHeaders() {
        PacketBuilder builder = PacketBuilder.udp6().payload(30, 0);
        builder.extensionHeader = Ipv6Flyweight.HOP_BY_HOP_OPTIONS;
        builder.extensions = new byte[32];
        builder.extensions[0] = Ipv6Flyweight.FRAGMENT;
        builder.extensions[1] = 1;
        builder.extensions[16] = Ipv6Flyweight.DESTINATION_OPTIONS;
        builder.extensions[24] = 58;
        byte[] packet = builder.build();
        packet[72] = 1;
        assertThat(unreachable(packet)).isEmpty();
        packet[72] = (byte) 128;
        assertThat(unreachable(packet)).isNotEmpty();
    }

    @Test
    void shouldAnswerOnlyFirstFragments() {
        PacketBuilder v4 = PacketBuilder.udp4().payload(30, 0);
        v4.fragment = 0x2000;
        assertThat(unreachable(v4.build())).isNotEmpty();
        v4.fragment = 0x2001;
        assertThat(unreachable(v4.build())).isEmpty();
        v4.fragment = 0x1000;
        assertThat(unreachable(v4.build())).isEmpty();

        PacketBuilder v6 = PacketBuilder.udp6().payload(30, 0);
        v6.extensionHeader = Ipv6Flyweight.FRAGMENT;
        v6.extensions = new byte[] {17, 0, 0, 1, 0, 0, 0, 9};
        assertThat(unreachable(v6.build())).isNotEmpty();
        v6.extensions[3] = 9;
        assertThat(unreachable(v6.build())).isEmpty();
    }

    @Test
    void shouldNotAnswerSourcesThatAreNoSingleHost() {
        PacketBuilder v4 = PacketBuilder.udp4().payload(30, 0);
        for (int first : new int[] {0, 127, 224, 239, 240, 255}) {
            v4.source = new byte[] {(byte) first, 0, 0, 1};
            assertThat(unreachable(v4.build())).isEmpty();
            assertThat(tooBig(v4.build(), 1000)).isEmpty();
        }
        PacketBuilder v6 = PacketBuilder.udp6().payload(30, 0);
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        byte[] multicast = new byte[16];
        multicast[0] = (byte) 0xff;
        for (byte[] source : new byte[][] {new byte[16], loopback, multicast}) {
            v6.source = source;
            assertThat(unreachable(v6.build())).isEmpty();
            assertThat(tooBig(v6.build(), 1000)).isEmpty();
        }
        byte[] compatible = new byte[16];
        compatible[15] = 2;
        v6.source = compatible;
        assertThat(unreachable(v6.build())).isNotEmpty();
    }

    @Test
    void shouldAnswerForMulticastDestinationsOnlyThatIpv6PacketIsTooBig() {
        PacketBuilder v4 = PacketBuilder.udp4().payload(30, 0);
        for (int first : new int[] {224, 255}) {
            v4.destination = new byte[] {(byte) first, 0, 0, 1};
            assertThat(unreachable(v4.build())).isEmpty();
            assertThat(tooBig(v4.build(), 1000)).isEmpty();
        }
        PacketBuilder v6 = PacketBuilder.udp6().payload(30, 0);
        v6.destination = new byte[16];
        v6.destination[0] = (byte) 0xff;
        assertThat(unreachable(v6.build())).isEmpty();
        assertThat(tooBig(v6.build(), 1300)).isNotEmpty();
    }

    @Test
    void shouldNeverAnswerItsOwnErrors() {
        byte[] v4 = unreachable(PacketBuilder.udp4().payload(30, 0).build());
        assertThat(unreachable(v4)).isEmpty();
        byte[] v6 = unreachable(PacketBuilder.udp6().payload(30, 0).build());
        assertThat(unreachable(v6)).isEmpty();
    }

    @Test
    void shouldNeverThrowForRandomPackets() {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < 100_000; i++) {
            byte[] packet = RandomPackets.packet(random).payload(random.nextInt(40), i).build();
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            byte[] taken = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
            assertThat(unreachable(taken).length).isLessThanOrEqualTo(1280);
            assertThat(tooBig(taken, random.nextInt()).length).isLessThanOrEqualTo(1280);
        }
    }

    private static void assertIpv4(byte[] error, byte[] packet, int type, int code, int mtu) {
        UnsafeBuffer view = new UnsafeBuffer(error);
        assertThat(IpFlyweight.packetLength(view, 0, error.length)).isEqualTo(error.length);
        assertThat(PacketBuilder.sum(Arrays.copyOf(error, 20))).isEqualTo(0xffff);
        assertThat(error[9]).isEqualTo((byte) 1);
        assertThat(Ipv4Flyweight.source(view, 0)).isEqualTo(0x0a000002);
        assertThat(Ipv4Flyweight.destination(view, 0)).isEqualTo(0x0a000001);
        byte[] icmp = Arrays.copyOfRange(error, 20, error.length);
        assertThat(PacketBuilder.sum(icmp)).isEqualTo(0xffff);
        assertIcmp(icmp, packet, type, code, mtu);
    }

    private static void assertIpv6(byte[] error, byte[] packet, int type, int code, int mtu) {
        UnsafeBuffer view = new UnsafeBuffer(error);
        assertThat(IpFlyweight.packetLength(view, 0, error.length)).isEqualTo(error.length);
        assertThat(error[6]).isEqualTo((byte) 58);
        assertThat(Arrays.copyOfRange(error, 8, 24)).isEqualTo(PacketBuilder.address6(2));
        assertThat(Arrays.copyOfRange(error, 24, 40)).isEqualTo(PacketBuilder.address6(1));
        byte[] icmp = Arrays.copyOfRange(error, 40, error.length);
        byte[] lengthAndProtocol = ByteBuffer.allocate(8).putInt(icmp.length).putInt(58).array();
        assertThat(PacketBuilder.sum(Arrays.copyOfRange(error, 8, 40), lengthAndProtocol, icmp))
                .isEqualTo(0xffff);
        assertIcmp(icmp, packet, type, code, mtu);
    }

    private static void assertIcmp(byte[] icmp, byte[] packet, int type, int code, int mtu) {
        assertThat(icmp[0]).isEqualTo((byte) type);
        assertThat(icmp[1]).isEqualTo((byte) code);
        assertThat(ByteBuffer.wrap(icmp).getInt(4)).isEqualTo(mtu);
        byte[] quoted = Arrays.copyOfRange(icmp, 8, icmp.length);
        assertThat(packet).startsWith(quoted);
        assertThat(quoted.length).isGreaterThan(50);
    }

    private byte[] unreachable(byte[] packet) {
        UnsafeBuffer in = new UnsafeBuffer(packet);
        return result(IcmpError.destinationUnreachable(in, 0, packet.length, out, OUT_OFFSET));
    }

    private byte[] tooBig(byte[] packet, int mtu) {
        UnsafeBuffer in = new UnsafeBuffer(packet);
        return result(IcmpError.packetTooBig(in, 0, packet.length, mtu, out, OUT_OFFSET));
    }

    private byte[] result(int length) {
        byte[] bytes = new byte[length];
        out.getBytes(OUT_OFFSET, bytes);
        return bytes;
    }
}
