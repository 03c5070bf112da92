package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What a sealed segment carries, between two hosts of a {@link SegmentLab}: every protocol, each VNI for itself, and
 * what ECN says.
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FrameKindsIT {
    private static final int VNIS = 8;
    private static final int FRAMES_PER_ROUND = 200;
    private static final int ROUNDS = 10;

    private final SegmentLab lab = new SegmentLab(2);
    private final Station a = lab.station(0);
    private final Station b = lab.station(1);
    private final Station.TapEnd tapA = a.end(SegmentLab.SEGMENT);
    private final Station.TapEnd tapB = b.end(SegmentLab.SEGMENT);

    @AfterAll
    void close() {
        lab.close();
    }

    static Stream<Arguments> protocols() {
        return Stream.of(
                Arguments.of("BPDU of STP", "01:80:c2:00:00:00", 38, "424203000000000080"),
                Arguments.of("LACP", "01:80:c2:00:00:02", 0x8809, "0101011480"),
                Arguments.of("802.1X", "01:80:c2:00:00:03", 0x888e, "02010000"),
                Arguments.of("LLDP", "01:80:c2:00:00:0e", 0x88cc, "0207040200000000"),
                Arguments.of("Cisco's BPDU", "01:00:0c:cc:cc:cd", 50, "aaaa0300000c010b"),
                Arguments.of("GVRP", "01:80:c2:00:00:21", 4, "42420300"),
                Arguments.of("MPLS", "02:00:00:00:00:01", 0x8847, "0001014045"),
                Arguments.of("PPPoE", "02:00:00:00:00:01", 0x8863, "1109000000"),
                Arguments.of("FCoE", "0e:fc:00:00:00:01", 0x8906, "00"),
                Arguments.of("PTP", "01:1b:19:00:00:00", 0x88f7, "00020036"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("protocols")
    void shouldCarryEveryProtocol(String name, String destination, int etherType, String start) {
        Frame frame = Frame.of(destination, a.mac(1), etherType, payload(start));
        for (Frame each : List.of(frame, frame.tagged(Frame.VLAN, 0x6064))) {
            tapA.send(each);
            assertThat(tapB.receives(each::isIn)).as("%s: %s", name, each).isTrue();
        }
    }

    private static byte[] payload(String start) {
        byte[] payload = new byte[50];
        byte[] head = HexFormat.of().parseHex(start);
        System.arraycopy(head, 0, payload, 0, head.length);
        return payload;
    }

    /** Priority and drop eligibility stay as well. */
    @Test
    void shouldCarryTagsAsTheyAre() {
        Frame plain = Frame.marked(Frame.BROADCAST, a.mac(2), lab.newMark());
        for (int tag : new int[] {0x0000, 0x0001, 0x1fff, 0xf00a, 0xefff}) {
            Frame tagged = plain.tagged(Frame.VLAN, tag);
            tapA.send(tagged);
            assertThat(tapB.receives(tagged::isIn)).as("tag %x", tag).isTrue();
            Frame twice = tagged.tagged(Frame.PROVIDER_VLAN, 0x8000 | tag);
            tapA.send(twice);
            assertThat(tapB.receives(twice::isIn)).as("tag %x in another", tag).isTrue();
            Frame thrice = twice.tagged(Frame.PROVIDER_VLAN, 0x0abc);
            tapA.send(thrice);
            assertThat(tapB.receives(thrice::isIn)).as("tag %x in two others", tag).isTrue();
        }
    }

    @Test
    void shouldCarryFramesOfEveryLength() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 15; round++) {
            Frame[] sent = new Frame[100];
            for (int i = 0; i < sent.length; i++) {
                byte[] payload = new byte[Math.min(1_418, round * sent.length + i)];
                random.nextBytes(payload);
                sent[i] = Frame.of(b.mac(3), a.mac(3), Frame.EXPERIMENTAL, payload);
                tapA.send(sent[i]);
            }
            lab.fence(a);
            List<Frame> received = tapB.received();
            for (Frame frame : sent) {
                assertThat(received.stream().filter(frame::isIn).count())
                        .as("of %d bytes", frame.bytes().length)
                        .isPositive();
            }
        }
    }

    /** The same addresses everywhere: what crossed over would be found by its mark. */
    @Test
    void shouldKeepEightSegmentsApart() {
        List<String> names = new ArrayList<>(List.of(SegmentLab.SEGMENT));
        for (int i = 0; i < VNIS; i++) {
            String name = "lan" + i;
            names.add(name);
            a.addSegment(name, 100 + i);
            b.addSegment(name, 100 + i);
        }
        a.peer(b, names);
        b.peer(a, names);
        SplittableRandom random = new SplittableRandom(1);
        int[] marks = new int[VNIS];
        int[] sent = new int[VNIS];
        for (int i = 0; i < VNIS; i++) {
            marks[i] = lab.newMark();
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < FRAMES_PER_ROUND; i++) {
                int vni = random.nextInt(VNIS);
                String destination =
                        random.nextBoolean() ? Frame.BROADCAST : b.mac(random.nextInt(4));
                String source = a.mac(random.nextInt(4));
                a.end("lan" + vni).send(Frame.marked(destination, source, marks[vni]));
                b.end("lan" + vni).send(Frame.marked(Frame.BROADCAST, b.mac(i % 4), 0));
                sent[vni]++;
            }
            lab.fence(a);
        }
        for (int i = 0; i < VNIS; i++) {
            int vni = i;
            int expected = sent[i];
            Station.TapEnd end = b.end("lan" + i);
            assertThat(Eventually.comesTrue(() -> end.count(marks[vni]) >= expected)).isTrue();
            assertThat(end.count(marks[i])).isEqualTo(expected);
            for (int other = 0; other < VNIS; other++) {
                assertThat(other == i ? 0 : end.count(marks[other])).isZero();
            }
        }
        for (int mark : marks) {
            assertThat(tapB.count(mark)).isZero();
        }
    }

    /** RFC 6040 §4.2, of a packet in a frame, tagged or not. */
    @ParameterizedTest
    @CsvSource({
        "not-ect, 0, 1, 2, 3",
        "ect0,    0, 1, 2, 3",
        "ect1,    0, 1, 1, 3",
        "ce,     -1, 3, 3, 3",
    })
    void shouldTakeOverCongestion(
            String outer, int notEct, int ect1, int ect0, int congestionExperienced) {
        a.host.run(
                "nft",
                """
                table ip congestion {
                    chain out { type filter hook postrouting priority 0; }
                }
                flush chain ip congestion out
                add rule ip congestion out udp dport 51820 ip ecn set %s
                """
                        .formatted(outer));
        try {
            int[] expected = {notEct, ect1, ect0, congestionExperienced};
            for (int inner = 0; inner < expected.length; inner++) {
                int trafficClass = 0xb8 | inner;
                int mark = lab.newMark();
                tapA.send(Frame.ipv4(Frame.BROADCAST, a.mac(4), trafficClass, 1, mark));
                tapA.send(Frame.ipv6(Frame.BROADCAST, a.mac(4), trafficClass, 1, mark));
                tapA.send(
                        Frame.ipv4(Frame.BROADCAST, a.mac(4), trafficClass, 1, mark)
                                .tagged(Frame.VLAN, 9));
                lab.fence(a);
                List<Frame> arrived =
                        tapB.received().stream().filter(frame -> frame.mark() == mark).toList();
                assertThat(arrived).hasSize(expected[inner] < 0 ? 0 : 3);
                for (Frame frame : arrived) {
                    assertThat(frame.trafficClass()).isEqualTo(0xb8 | expected[inner]);
                    assertThat(frame.timeToLive()).isEqualTo(1);
                    assertThat(frame.etherType() == Frame.IPV6 || frame.hasGoodIpv4Checksum())
                            .isTrue();
                }
            }
        } finally {
            a.host.run("nft", "delete", "table", "ip", "congestion");
        }
    }
}
