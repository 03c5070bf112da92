package io.ovl.dataplane.daemon;

import static io.ovl.dataplane.daemon.WarmUpFrame.SEGMENT_LENGTH;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.io.TunTapQueue;
import io.ovl.dataplane.ip.InternetChecksum;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.HexFormat;

class WarmUpFrameTest {
    private static final int IPV4 = TunTapQueue.VNET_HEADER_LENGTH;
    private static final int TRANSPORT = IPV4 + 20;
    private static final WarmUpFrame.Way THERE = new WarmUpFrame.Way(false, 1, 2);
    private static final WarmUpFrame.Way ON_ETHERNET = new WarmUpFrame.Way(true, 1, 2);
    private static final int TCP = 6;
    private static final int UDP = 17;

    @Test
    void shouldMakeTcpWhoseChecksumTheDeviceFinishes() {
        assertThatSumsComeOut(WarmUpFrame.tcp(THERE, 5000, 0, false), TCP);
        assertThatSumsComeOut(WarmUpFrame.tcp(THERE, 5000, 45 * SEGMENT_LENGTH, true), TCP);
    }

    @Test
    void shouldMakeUdpWhoseChecksumTheDeviceFinishes() {
        assertThatSumsComeOut(WarmUpFrame.udp(THERE, 64), UDP);
    }

    @Test
    void shouldMakeEchoesWithTheirChecksum() {
        UnsafeBuffer bytes = WarmUpFrame.echo(THERE, 56).buffer();
        assertThat(bytes.getLong(0)).isZero();
        assertThat(InternetChecksum.fold(InternetChecksum.sum(bytes, IPV4, 20))).isEqualTo(0xffff);
        int length = bytes.capacity() - TRANSPORT;
        assertThat(InternetChecksum.fold(InternetChecksum.sum(bytes, TRANSPORT, length)))
                .isEqualTo(0xffff);
    }

    @Test
    void shouldSayHowToCutASuperPacket() {
        UnsafeBuffer bytes = WarmUpFrame.tcp(THERE, 5000, SEGMENT_LENGTH + 1, false).buffer();
        assertThat(bytes.getByte(1)).isEqualTo((byte) 1);
        assertThat(bytes.getShort(2)).isEqualTo((short) 52);
        assertThat(bytes.getShort(4)).isEqualTo((short) SEGMENT_LENGTH);
        assertThat(WarmUpFrame.tcp(THERE, 5000, SEGMENT_LENGTH, false).buffer().getByte(1))
                .isZero();
    }

    @Test
    void shouldBeTheSameBehindAnEthernetHeader() {
        UnsafeBuffer frame = WarmUpFrame.udp(ON_ETHERNET, 64).buffer();
        UnsafeBuffer packet = WarmUpFrame.udp(THERE, 64).buffer();
        byte[] ethernet = new byte[14];
        frame.getBytes(IPV4, ethernet);
        assertThat(HexFormat.of().formatHex(ethernet)).isEqualTo("0200000000020200000000010800");
        assertThat(frame.getShort(2)).isEqualTo((short) (packet.getShort(2) + 14));
        assertThat(frame.getShort(6)).isEqualTo((short) (packet.getShort(6) + 14));
        int length = packet.capacity() - IPV4;
        byte[] inFrame = new byte[length];
        byte[] inPacket = new byte[length];
        frame.getBytes(IPV4 + 14, inFrame);
        packet.getBytes(IPV4, inPacket);
        assertThat(inFrame).isEqualTo(inPacket);
    }

    @Test
    void shouldContinueAFlow() {
        WarmUpFrame frame = WarmUpFrame.tcp(THERE, 5000, 100, false);
        frame.advance();
        frame.advance();
        assertThat(frame.buffer().getInt(TRANSPORT + 4, ByteOrder.BIG_ENDIAN)).isEqualTo(201);
    }

    private static void assertThatSumsComeOut(WarmUpFrame frame, int protocol) {
        UnsafeBuffer bytes = frame.buffer();
        assertThat(InternetChecksum.fold(InternetChecksum.sum(bytes, IPV4, 20))).isEqualTo(0xffff);
        assertThat(bytes.getShort(IPV4 + 2, ByteOrder.BIG_ENDIAN) & 0xffff)
                .isEqualTo(bytes.capacity() - IPV4);
        int length = bytes.capacity() - TRANSPORT;
        int start = IPV4 + bytes.getShort(6);
        assertThat(start).isEqualTo(TRANSPORT);
        InternetChecksum.finish(bytes, start, length, start + bytes.getShort(8));
        long pseudoHeader = InternetChecksum.pseudoHeaderIpv4(bytes, IPV4, protocol, length);
        long sum = pseudoHeader + InternetChecksum.sum(bytes, TRANSPORT, length);
        assertThat(InternetChecksum.fold(sum)).isEqualTo(0xffff);
    }
}
