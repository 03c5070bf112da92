package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A segment in the clear and the test in the place of its VTEPs, down to the bits of the header.
 *
 * <pre>
 *  a: ovld 192.0.2.1 ------- b: the test, at 192.0.2.2, which is a VTEP, and at 192.0.2.9, which is a stranger
 * </pre>
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClearSegmentIT {
    private static final int VNI = 20;
    private static final long VALID_VNI = 0x08L << 56;
    private static final String VTEP = "192.0.2.2";
    private static final String STRANGER = "192.0.2.9";
    private static final String LAN = "lan";

    private final SegmentLab lab = new SegmentLab(2);
    private final Station a = lab.station(0);
    private final Station b = lab.station(1);
    private final Station.TapEnd tap =
            a.addSegment(
                    "clear", VNI, "encap", "vxlan", "local", "192.0.2.1", "remotes", List.of(VTEP));
    private DatagramSocket vtep = socket(VTEP);
    private DatagramSocket stranger = vtep;
    private int lastStation;

    @BeforeAll
    void addStranger() {
        b.host.ip("addr add 192.0.2.9/24 dev wire0");
        stranger = socket(STRANGER);
    }

    @AfterAll
    void close() {
        vtep.close();
        stranger.close();
        lab.close();
    }

    @AfterEach
    void setBack() {
        a.control.call("segments.set", "name", "clear", "open", false, "strict", false);
    }

    private DatagramSocket socket(String address) {
        return b.host.call(() -> new DatagramSocket(new InetSocketAddress(address, 4_789)));
    }

    private String newMac() {
        return b.mac(1_000 + ++lastStation);
    }

    /** Sends a frame behind a VXLAN header. */
    private static void send(DatagramSocket from, long header, Frame frame) {
        byte[] bytes = frame.bytes();
        byte[] datagram = ByteBuffer.allocate(8 + bytes.length).putLong(header).put(bytes).array();
        try {
            from.send(
                    new DatagramPacket(
                            datagram, datagram.length, new InetSocketAddress("192.0.2.1", 4_789)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long header(int vni) {
        return VALID_VNI | (long) vni << 8;
    }

    /** Waits until all that the VTEP has sent so far has been dealt with. */
    private void fence() {
        int mark = lab.newMark();
        send(vtep, header(VNI), Frame.marked(Frame.BROADCAST, b.mac(999), mark));
        assertThat(tap.receives(frame -> frame.mark() == mark)).isTrue();
    }

    /** How many of ten frames from there arrive. */
    private int arrivals(DatagramSocket from, long header, String source) {
        int mark = lab.newMark();
        for (int i = 0; i < 10; i++) {
            send(from, header, Frame.marked(Frame.BROADCAST, source, mark));
        }
        fence();
        return tap.count(mark);
    }

    /** Whether it is learned there: not before the frame has arrived, and perhaps a moment later. */
    private boolean isBehind(String mac, String vtep) {
        return Eventually.comesTrue(() -> a.control.portOf("clear", mac).equals(vtep));
    }

    @Test
    void shouldRefuseUnknownVteps() {
        String mac = newMac();
        long refused = a.control.drops(DropReason.VXLAN_UNKNOWN_VTEP);
        assertThat(arrivals(stranger, header(VNI), mac)).isZero();
        assertThat(a.control.drops(DropReason.VXLAN_UNKNOWN_VTEP) - refused).isEqualTo(10);
        assertThat(a.control.portOf("clear", mac)).isEmpty();
        assertThat(arrivals(vtep, header(VNI), mac)).isEqualTo(10);
        assertThat(isBehind(mac, VTEP)).isTrue();
    }

    /** An open segment learns from strangers, but floods to none of them. */
    @Test
    void shouldTakeUnknownVtepsInWhereItIsOpen() {
        a.control.call("segments.set", "name", "clear", "open", true);
        String mac = newMac();
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    arrivals(stranger, header(VNI), mac);
                                    return a.control.portOf("clear", mac).equals(STRANGER);
                                }))
                .isTrue();
        assertThat(arrivals(stranger, header(VNI), mac)).isEqualTo(10);
        try (PacketSocket wire = PacketSocket.open(b.host, "wire0")) {
            int flooded = lab.newMark();
            int sent = lab.newMark();
            tap.send(Frame.marked(Frame.BROADCAST, a.mac(1), flooded));
            tap.send(Frame.marked(mac, a.mac(1), sent));
            assertThat(destination(wire, flooded)).isEqualTo(VTEP);
            assertThat(destination(wire, sent)).isEqualTo(STRANGER);
        }
        a.control.call("segments.set", "name", "clear", "open", false);
        assertThat(a.control.portOf("clear", mac)).isEmpty();
        assertThat(arrivals(stranger, header(VNI), mac)).isZero();
    }

    /** Where the first datagram goes that carries the frame with that mark. */
    private static String destination(PacketSocket wire, int mark) {
        byte[] packet = datagram(wire, mark).payload();
        return (packet[16] & 0xff)
                + "."
                + (packet[17] & 0xff)
                + "."
                + (packet[18] & 0xff)
                + "."
                + (packet[19] & 0xff);
    }

    /** The underlay packet around the frame with that mark. */
    private static Frame datagram(PacketSocket wire, int mark) {
        Frame[] found = new Frame[1];
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    Frame frame = wire.receive();
                                    if (frame == null
                                            || frame.etherType() != Frame.IPV4
                                            || frame.bytes().length < 64) {
                                        return false;
                                    }
                                    byte[] packet = frame.payload();
                                    Frame inner =
                                            new Frame(
                                                    Arrays.copyOfRange(packet, 36, packet.length));
                                    found[0] = frame;
                                    return packet[9] == 17 && inner.mark() == mark;
                                }))
                .isTrue();
        return found[0];
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeEachReservedBitAsItIsTold(boolean isStrict) {
        a.control.call("segments.set", "name", "clear", "strict", isStrict);
        String mac = newMac();
        long refused = badHeaders();
        int mark = lab.newMark();
        int bits = 0;
        for (int bit = 0; bit < 64; bit++) {
            boolean isReserved = (bit < 8 || bit >= 32) && bit != 59;
            if (isReserved) {
                send(vtep, header(VNI) | 1L << bit, Frame.marked(Frame.BROADCAST, mac, mark));
                bits++;
            }
        }
        fence();
        assertThat(bits).isEqualTo(39);
        assertThat(tap.count(mark)).isEqualTo(isStrict ? 0 : 39);
        assertThat(badHeaders() - refused).isEqualTo(isStrict ? 39 : 0);
        if (isStrict) {
            assertThat(a.control.portOf("clear", mac)).isEmpty();
        } else {
            assertThat(isBehind(mac, VTEP)).isTrue();
        }
    }

    private long badHeaders() {
        return a.control.drops(DropReason.VXLAN_BAD_FLAGS)
                + a.control.drops(DropReason.VXLAN_GPE)
                + a.control.drops(DropReason.VXLAN_GBP);
    }

    @Test
    void shouldTakeNothingWithoutAVniOrOfAnother() {
        String mac = newMac();
        long refused = a.control.drops(DropReason.VXLAN_BAD_FLAGS);
        assertThat(arrivals(vtep, header(VNI) & ~VALID_VNI, mac)).isZero();
        assertThat(a.control.drops(DropReason.VXLAN_BAD_FLAGS) - refused).isEqualTo(10);
        long unknown = a.control.drops(DropReason.VXLAN_UNKNOWN_VNI);
        for (int bit = 0; bit < 24; bit++) {
            send(vtep, header(VNI ^ 1 << bit), Frame.marked(Frame.BROADCAST, mac, lab.newMark()));
        }
        fence();
        assertThat(a.control.drops(DropReason.VXLAN_UNKNOWN_VNI) - unknown).isEqualTo(24);
        // The sealed segment has that VNI, but takes nothing in the clear.
        assertThat(arrivals(vtep, header(SegmentLab.VNI), mac)).isZero();
        assertThat(a.control.portOf("clear", mac)).isEmpty();
        assertThat(a.control.portOf(LAN, mac)).isEmpty();
    }

    /** RFC 6040 §4.2. */
    @ParameterizedTest
    @CsvSource({"0, 0, 1, 2, 3", "2, 0, 1, 2, 3", "1, 0, 1, 1, 3", "3, -1, 3, 3, 3"})
    void shouldTakeOverCongestion(int outer, int notEct, int ect1, int ect0, int experienced)
            throws IOException {
        int[] expected = {notEct, ect1, ect0, experienced};
        vtep.setOption(StandardSocketOptions.IP_TOS, outer);
        for (int inner = 0; inner < expected.length; inner++) {
            int mark = lab.newMark();
            send(vtep, header(VNI), Frame.ipv4(Frame.BROADCAST, b.mac(998), 0x28 | inner, 7, mark));
            send(vtep, header(VNI), Frame.ipv6(Frame.BROADCAST, b.mac(998), 0x28 | inner, 7, mark));
            vtep.setOption(StandardSocketOptions.IP_TOS, 0);
            fence();
            vtep.setOption(StandardSocketOptions.IP_TOS, outer);
            List<Frame> arrived =
                    tap.received().stream().filter(frame -> frame.mark() == mark).toList();
            assertThat(arrived).hasSize(expected[inner] < 0 ? 0 : 2);
            for (Frame frame : arrived) {
                assertThat(frame.trafficClass()).isEqualTo(0x28 | expected[inner]);
                assertThat(frame.timeToLive()).isEqualTo(7);
            }
        }
        vtep.setOption(StandardSocketOptions.IP_TOS, 0);
    }

    /** Congestion signs go out, the class and the time to live stay inside; the outer packet may not be fragmented. */
    @ParameterizedTest
    @CsvSource({"0x00, 1", "0x01, 64", "0x02, 255", "0x03, 2", "0xb8, 9", "0xbb, 9"})
    void shouldTellTheUnderlayOfCongestionOnly(String trafficClass, int timeToLive) {
        int inner = Integer.decode(trafficClass);
        try (PacketSocket wire = PacketSocket.open(b.host, "wire0")) {
            for (boolean isIpv6 : new boolean[] {false, true}) {
                int mark = lab.newMark();
                tap.send(
                        isIpv6
                                ? Frame.ipv6(Frame.BROADCAST, a.mac(1), inner, timeToLive, mark)
                                : Frame.ipv4(Frame.BROADCAST, a.mac(1), inner, timeToLive, mark));
                Frame outer = datagram(wire, mark);
                assertThat(outer.trafficClass()).isEqualTo(inner & 3);
                assertThat(outer.timeToLive()).isEqualTo(64);
            }
        }
    }

    @Test
    void shouldWriteTheHeaderThatTheRfcShows() {
        int mark = lab.newMark();
        try (PacketSocket wire = PacketSocket.open(b.host, "wire0")) {
            tap.send(Frame.marked(Frame.BROADCAST, a.mac(1), mark));
            ByteBuffer packet = ByteBuffer.wrap(datagram(wire, mark).payload());
            assertThat(packet.getShort(22)).isEqualTo((short) 4_789);
            assertThat(packet.getLong(28)).isEqualTo(header(VNI));
        }
    }
}
