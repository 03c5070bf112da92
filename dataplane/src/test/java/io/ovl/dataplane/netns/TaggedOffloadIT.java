package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.dataplane.stats.WorkerCounter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;

/**
 * TCP super-packets behind VLAN tags, between two hosts of a {@link SegmentLab}: the kernel hands them to ovl whole,
 * ovl cuts them, joins them on the other side, and the kernel takes them.
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TaggedOffloadIT {
    private static final String LAN = SegmentLab.SEGMENT;
    private static final int VNET_LENGTH = 10;
    private static final int IPV4_LENGTH = 20;
    private static final int IPV6_LENGTH = 40;
    private static final int TCP_LENGTH = 20;
    private static final int TCP_PROTOCOL = 6;
    private static final int MSS = 1_300;
    private static final int PAYLOAD = 20 * MSS + 77;
    private static final int MTU = 1_418;

    private final SegmentLab lab = new SegmentLab(2);
    private final Station a = lab.station(0);
    private final Station b = lab.station(1);
    private final PacketSocket sender = PacketSocket.openForSuperPackets(a.host, a.end(LAN).device);
    private int lastPort = 1_000;

    @AfterAll
    void close() {
        sender.close();
        lab.close();
    }

    /** What the kernel gives a TAP when TCP leaves segmentation to it. */
    private static byte[] superPacket(
            boolean isIpv6, int sourcePort, byte[] payload, int mss, int... tags) {
        int ipLength = isIpv6 ? IPV6_LENGTH : IPV4_LENGTH;
        ByteBuffer ip = ByteBuffer.allocate(ipLength + TCP_LENGTH + payload.length);
        int tcpLength = TCP_LENGTH + payload.length;
        if (isIpv6) {
            ip.putInt(6 << 28).putShort((short) tcpLength).put((byte) TCP_PROTOCOL).put((byte) 64);
            ip.putLong(0xfd05L << 48).putLong(1).putLong(0xfd05L << 48).putLong(2);
        } else {
            ip.putShort((short) 0x4500).putShort((short) ip.capacity()).putShort((short) 7);
            ip.putShort((short) 0x4000).put((byte) 64).put((byte) TCP_PROTOCOL).putShort((short) 0);
            ip.put(new byte[] {10, 5, 0, 1, 10, 5, 0, 2});
            ip.putShort(10, (short) ~sum(ip, 0, IPV4_LENGTH, 0));
        }
        ip.putShort((short) sourcePort).putShort((short) 80).putInt(1).putInt(1);
        ip.putShort((short) 0x5010).putShort((short) 512);
        ip.putShort((short) pseudoSum(ip, isIpv6, tcpLength)).putShort((short) 0).put(payload);
        Frame frame =
                Frame.of(
                        Frame.station(2, 1),
                        Frame.station(1, 1),
                        isIpv6 ? Frame.IPV6 : Frame.IPV4,
                        ip.array());
        for (int tag : tags) {
            frame = frame.tagged(tag >>> 16, tag & 0xffff);
        }
        byte[] bytes = frame.bytes();
        int tcp = bytes.length - tcpLength;
        return ByteBuffer.allocate(VNET_LENGTH + bytes.length)
                .order(ByteOrder.nativeOrder())
                .put((byte) 1)
                .put((byte) (isIpv6 ? 4 : 1))
                .putShort((short) (tcp + TCP_LENGTH))
                .putShort((short) mss)
                .putShort((short) tcp)
                .putShort((short) 16)
                .put(bytes)
                .array();
    }

    private static int pseudoSum(ByteBuffer ip, boolean isIpv6, int tcpLength) {
        return isIpv6
                ? sum(ip, 8, 32, tcpLength + TCP_PROTOCOL)
                : sum(ip, 12, 8, tcpLength + TCP_PROTOCOL);
    }

    /** The one's complement sum of an even number of bytes. */
    private static int sum(ByteBuffer buffer, int offset, int length, int start) {
        int sum = start;
        for (int at = offset; at < offset + length; at += 2) {
            sum += buffer.getShort(at) & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private List<Frame> arrived(int port) {
        return b.end(LAN).received().stream().filter(frame -> isOf(frame, port)).toList();
    }

    private int payloadOf(int port) {
        return arrived(port).stream()
                .mapToInt(
                        frame ->
                                frame.payload().length
                                        - TCP_LENGTH
                                        - (frame.etherType() == Frame.IPV6
                                                ? IPV6_LENGTH
                                                : IPV4_LENGTH))
                .sum();
    }

    private static boolean isOf(Frame frame, int port) {
        ByteBuffer packet = ByteBuffer.wrap(frame.payload());
        boolean isIpv6 = frame.etherType() == Frame.IPV6;
        int tcp = isIpv6 ? IPV6_LENGTH : IPV4_LENGTH;
        return (isIpv6 || frame.etherType() == Frame.IPV4)
                && packet.capacity() >= tcp + TCP_LENGTH
                && packet.get(isIpv6 ? 6 : 9) == TCP_PROTOCOL
                && (packet.getShort(tcp) & 0xffff) == port;
    }

    /** Checks lengths and checksums of a frame as it arrived, and puts its payload where its sequence number says. */
    private static int take(Frame frame, byte[] whole) {
        byte[] bytes = frame.payload();
        boolean isIpv6 = frame.etherType() == Frame.IPV6;
        int tcp = isIpv6 ? IPV6_LENGTH : IPV4_LENGTH;
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        int length =
                isIpv6 ? IPV6_LENGTH + (packet.getShort(4) & 0xffff) : packet.getShort(2) & 0xffff;
        assertThat(length).isLessThanOrEqualTo(bytes.length);
        assertThat(isIpv6 || sum(packet, 0, IPV4_LENGTH, 0) == 0xffff).isTrue();
        int checksum = packet.getShort(tcp + 16) & 0xffff;
        int pseudo = pseudoSum(packet, isIpv6, length - tcp);
        ByteBuffer even = ByteBuffer.allocate(length - tcp + 1).put(bytes, tcp, length - tcp);
        boolean isComplete = sum(even, 0, length - tcp + 1 & ~1, pseudo) == 0xffff;
        assertThat(isComplete || checksum == pseudo).as("%s", frame).isTrue();
        int payloadLength = length - tcp - TCP_LENGTH;
        System.arraycopy(bytes, tcp + TCP_LENGTH, whole, packet.getInt(tcp + 4) - 1, payloadLength);
        return payloadLength;
    }

    /** Two tags are more than the kernel leaves to a device: it cuts those itself, and ovl joins them all the same. */
    @ParameterizedTest
    @CsvSource({
        "false, 0,          0",
        "false, 0x81006064, 0",
        "false, 0x88a86064, 0",
        "false, 0x8100000a, 0x88a80014",
        "true,  0x81006064, 0",
        "true,  0x88a80fa0, 0",
        "true,  0x8100000a, 0x88a80014",
    })
    void shouldCutAndJoinSuperPackets(boolean isIpv6, String inner, String outer) {
        int[] tags =
                List.of(inner, outer).stream()
                        .mapToInt(tag -> Long.decode(tag).intValue())
                        .filter(tag -> tag != 0)
                        .toArray();
        byte[] payload = new byte[PAYLOAD];
        new SplittableRandom(1).nextBytes(payload);
        long reads = a.control.count(WorkerCounter.DEVICE_READS);
        boolean[] isJoined = new boolean[1];
        int[] sent = new int[1];
        // Whether segments are joined depends on whether they come at the same time.
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    isJoined[0] |= carry(isIpv6, payload, tags);
                                    return ++sent[0] >= 3 && isJoined[0];
                                }))
                .isTrue();
        if (tags.length < 2) {
            assertThat(a.control.count(WorkerCounter.DEVICE_READS) - reads).isEqualTo(sent[0]);
        }
    }

    /** Returns whether it came in fewer pieces than it had segments. */
    private boolean carry(boolean isIpv6, byte[] payload, int... tags) {
        int port = ++lastPort;
        byte[] packet = superPacket(isIpv6, port, payload, MSS, tags);
        assertThat(sender.trySend(packet)).isTrue();
        assertThat(Eventually.comesTrue(() -> payloadOf(port) >= payload.length))
                .as("%d of %d bytes", payloadOf(port), payload.length)
                .isTrue();
        List<Frame> frames = arrived(port);
        byte[] whole = new byte[payload.length];
        int total = 0;
        int linkLength = 14 + 4 * tags.length;
        for (Frame frame : frames) {
            assertThat(frame.bytes().length - frame.payload().length).isEqualTo(linkLength);
            for (int i = 0; i < tags.length; i++) {
                assertThat(ByteBuffer.wrap(frame.bytes()).getInt(12 + 4 * i))
                        .isEqualTo(tags[tags.length - 1 - i]);
            }
            total += take(frame, whole);
        }
        assertThat(total).isEqualTo(payload.length);
        assertThat(whole).isEqualTo(payload);
        return frames.size() < (payload.length + MSS - 1) / MSS;
    }

    /** A computed MTU holds for what has no tag: each takes four bytes. */
    @Test
    void shouldTellTaggedHostsOfTheirSmallerMtu() {
        int untaggedMss = MTU - IPV4_LENGTH - TCP_LENGTH;
        byte[] payload = "x".repeat(3 * untaggedMss).getBytes(US_ASCII);
        int port = ++lastPort;
        int tag = Frame.VLAN << 16 | 5;
        sender.trySend(superPacket(false, port, payload, untaggedMss, tag));
        assertThat(a.end(LAN).receives(frame -> isFragmentationNeeded(frame, MTU - 4))).isTrue();
        sender.trySend(superPacket(false, port + 1, payload, untaggedMss - 4, tag));
        sender.trySend(superPacket(false, port + 2, payload, untaggedMss));
        lastPort += 2;
        for (int each : new int[] {port + 1, port + 2}) {
            assertThat(b.end(LAN).receives(frame -> isOf(frame, each))).isTrue();
        }
        assertThat(arrived(port)).isEmpty();
    }

    private static boolean isFragmentationNeeded(Frame frame, int mtu) {
        ByteBuffer packet = ByteBuffer.wrap(frame.payload());
        return frame.etherType() == Frame.IPV4
                && packet.get(9) == 1
                && packet.getShort(IPV4_LENGTH) == 0x0304
                && packet.getShort(IPV4_LENGTH + 6) == mtu;
    }
}
