package io.ovl.dataplane.l2;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;

class NeighborSuppressorTest {
    private static final String BROADCAST = "ffffffffffff";
    private static final String HERE = "020000000001";
    private static final String THERE = "020000000002";
    private static final long THERE_MAC = 0x0200_0000_0002L;
    private static final String HERE_IP = "0a000001";
    private static final String THERE_IP = "0a000002";
    private static final String HERE_IP6 = "fd000000000000000000000000000001";
    private static final String THERE_IP6 = "fd000000000000000000000000000002";
    private static final String GROUP_IP6 = "ff0200000000000000000001ff000002";
    private static final String GROUP_MAC = "3333ff000002";

    private final SegmentFixture fixture = new SegmentFixture(100);
    private final Segment lan = fixture.segment(10, SegmentSettings.DEFAULT);
    private final Port tap = fixture.tap(lan);
    private final Port peer = fixture.peer(lan);
    private final NeighborTable table = new NeighborTable(64, Long.MAX_VALUE, 3);
    private final LearnRing ring =
            new LearnRing(
                    new LearnHandler() {
                        @Override
                        public void onMac(int vni, long mac, int vlan, int port, long seenNs) {}

                        @Override
                        public void onNeighbor(
                                int vni,
                                int vlan,
                                boolean isIpv6,
                                long ipHigh,
                                long ipLow,
                                long link,
                                long seenNs) {
                            table.learn(vni, vlan, isIpv6, ipHigh, ipLow, link, seenNs);
                        }

                        @Override
                        public void onVtep(
                                int vni,
                                boolean isIpv6,
                                long ipHigh,
                                long ipLow,
                                int udpPort,
                                long seenNs) {}
                    });
    private final NeighborSuppressor suppressor = new NeighborSuppressor(fixture.fdb, table, ring);

    @BeforeEach
    void learnWhereTheHostsAre() {
        fixture.frame(lan, THERE_MAC, 0, peer, 0);
        fixture.frame(lan, THERE_MAC, 5, peer, 0);
        fixture.frame(lan, 0x0200_0000_0001L, 0, tap, 0);
    }

    private String take(Port from, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length + 5));
        frame.putBytes(5, bytes);
        int length = suppressor.onFrame(lan, frame, 5, bytes.length, from, 1);
        ring.drain(100);
        byte[] reply = new byte[length];
        suppressor.reply().getBytes(0, reply);
        return HexFormat.of().formatHex(reply);
    }

    private static String arp(
            String to, String from, int operation, String senderIp, String targetIp) {
        return to
                + from
                + "0806"
                + "0001080006040"
                + "00"
                + operation
                + from
                + senderIp
                + "000000000000"
                + targetIp;
    }

    private static String solicitation(
            String to, String sourceIp, String destination, String target) {
        String option = sourceIp.equals("00".repeat(16)) ? "" : "0101" + HERE;
        return to + HERE + "86dd" + nd(sourceIp, destination, "8700", "00000000", target, option);
    }

    private static String advertisement(String flags, String target) {
        return HERE
                + THERE
                + "86dd"
                + nd(target, HERE_IP6, "8800", flags + "000000", target, "0201" + THERE);
    }

    private static String nd(
            String source,
            String destination,
            String type,
            String flags,
            String target,
            String option) {
        String body = flags + target + option;
        int length = 4 + body.length() / 2;
        byte[] summed =
                HexFormat.of()
                        .parseHex(
                                source
                                        + destination
                                        + String.format("%08x", length)
                                        + "0000003a"
                                        + type
                                        + "0000"
                                        + body);
        int sum = 0;
        for (int i = 0; i < summed.length; i += 2) {
            sum += (summed[i] & 0xff) << 8 | summed[i + 1] & 0xff;
        }
        int checksum = 0xffff - sum % 0xffff;
        return "60000000"
                + String.format("%04x", length)
                + "3aff"
                + source
                + destination
                + type
                + String.format("%04x", checksum)
                + body;
    }

    @Test
    void shouldAnswerARequestForAHostThatWasSeenBehindATunnel() {
        take(peer, arp(HERE, THERE, 2, THERE_IP, HERE_IP));

        String reply = take(tap, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP));

        assertThat(reply)
                .isEqualTo(
                        HERE
                                + THERE
                                + "0806"
                                + "0001080006040002"
                                + THERE
                                + THERE_IP
                                + HERE
                                + HERE_IP);
    }

    @Test
    void shouldKeepTheRequestsVlanTag() {
        String tag = "81000005";
        take(peer, HERE + THERE + tag + arp("", THERE, 2, THERE_IP, HERE_IP).substring(12));

        String tagged = arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP);
        String reply = take(tap, tagged.substring(0, 24) + tag + tagged.substring(24));

        assertThat(reply).startsWith(HERE + THERE + tag + "0806");
        assertThat(take(tap, tagged)).as("untagged").isEmpty();
    }

    @Test
    void shouldPassWhatItCannotOrMustNotAnswer() {
        assertThat(take(tap, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP))).as("unknown").isEmpty();
        take(peer, arp(HERE, THERE, 2, THERE_IP, HERE_IP));

        assertThat(take(tap, arp(BROADCAST, HERE, 1, "0a000002", THERE_IP)))
                .as("gratuitous")
                .isEmpty();
        take(peer, arp(HERE, THERE, 2, THERE_IP, HERE_IP));
        assertThat(take(tap, arp(BROADCAST, HERE, 1, "00000000", THERE_IP))).as("probe").isEmpty();
        assertThat(take(tap, arp(THERE, HERE, 1, HERE_IP, THERE_IP))).as("unicast").isEmpty();
        assertThat(take(tap, arp(BROADCAST, HERE, 2, HERE_IP, THERE_IP))).as("reply").isEmpty();
        assertThat(take(peer, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP)))
                .as("from a tunnel")
                .isEmpty();
        assertThat(take(tap, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP))).isNotEmpty();
        fixture.fdb.flushPort(peer.id(), false);
        assertThat(take(tap, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP)))
                .as("forgotten by the database")
                .isEmpty();
    }

    @Test
    void shouldNotAnswerForAHostOnTheSameSide() {
        fixture.frame(lan, 0x0200_0000_0003L, 0, tap, 0);
        take(tap, arp(BROADCAST, "020000000003", 1, "0a000003", HERE_IP));

        assertThat(take(tap, arp(BROADCAST, HERE, 1, HERE_IP, "0a000003"))).isEmpty();
    }

    @Test
    void shouldNotLearnASenderThatTheEthernetSourceDenies() {
        String spoofed = arp(HERE, THERE, 2, THERE_IP, HERE_IP);
        take(peer, HERE + "020000000009" + spoofed.substring(24));

        assertThat(table.count()).isZero();
    }

    @Test
    void shouldLearnAMoveFromAGratuitousArp() {
        take(peer, arp(HERE, THERE, 2, THERE_IP, HERE_IP));
        fixture.frame(lan, 0x0200_0000_0007L, 0, peer, 0);
        take(peer, arp(BROADCAST, "020000000007", 1, THERE_IP, THERE_IP));

        assertThat(take(tap, arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP)))
                .startsWith(HERE + "020000000007");
    }

    @Test
    void shouldAnswerASolicitationAsItsTargetWould() {
        take(peer, advertisement("60", THERE_IP6));

        String reply = take(tap, solicitation(GROUP_MAC, HERE_IP6, GROUP_IP6, THERE_IP6));

        assertThat(reply)
                .isEqualTo(
                        HERE
                                + THERE
                                + "86dd"
                                + nd(
                                        THERE_IP6,
                                        HERE_IP6,
                                        "8800",
                                        "60000000",
                                        THERE_IP6,
                                        "0201" + THERE));
    }

    @Test
    void shouldNotDenyThatARouterIsOne() {
        take(peer, advertisement("e0", THERE_IP6));

        String reply = take(tap, solicitation(GROUP_MAC, HERE_IP6, GROUP_IP6, THERE_IP6));

        assertThat(reply.substring((14 + 40 + 4) * 2)).startsWith("e0");
    }

    @Test
    void shouldPassSolicitationsThatItCannotOrMustNotAnswer() {
        String group = solicitation(GROUP_MAC, HERE_IP6, GROUP_IP6, THERE_IP6);
        assertThat(take(tap, group)).as("unknown").isEmpty();
        // Its own solicitation does not say whether it is a router.
        take(
                peer,
                THERE
                        + THERE
                        + "86dd"
                        + nd(THERE_IP6, HERE_IP6, "8700", "00000000", HERE_IP6, "0101" + THERE));
        assertThat(table.count()).isEqualTo(2);
        assertThat(take(tap, group)).as("not confirmed").isEmpty();
        take(peer, advertisement("60", THERE_IP6));

        assertThat(take(tap, solicitation(GROUP_MAC, "00".repeat(16), GROUP_IP6, THERE_IP6)))
                .as("duplicate address detection")
                .isEmpty();
        assertThat(take(tap, solicitation(THERE, HERE_IP6, THERE_IP6, THERE_IP6)))
                .as("unreachability detection")
                .isEmpty();
        assertThat(take(peer, group)).as("from a tunnel").isEmpty();
        String badHopLimit = group.substring(0, 42) + "fe" + group.substring(44);
        assertThat(take(tap, badHopLimit)).as("hop limit 254").isEmpty();
        String badChecksum = group.substring(0, 112) + "0000" + group.substring(116);
        assertThat(take(tap, badChecksum)).as("checksum").isEmpty();
        assertThat(take(tap, group)).isNotEmpty();
    }

    @Test
    void shouldNotLetAnAdvertisementWithoutOverrideReplaceWhatIsKnown() {
        take(peer, advertisement("60", THERE_IP6));
        String other = "02000000000a";
        take(
                peer,
                HERE
                        + other
                        + "86dd"
                        + nd(THERE_IP6, HERE_IP6, "8800", "40000000", THERE_IP6, "0201" + other));

        assertThat(take(tap, solicitation(GROUP_MAC, HERE_IP6, GROUP_IP6, THERE_IP6)))
                .startsWith(HERE + THERE);
    }

    @Test
    void shouldBearEveryTruncation() {
        take(peer, advertisement("60", THERE_IP6));
        take(peer, arp(HERE, THERE, 2, THERE_IP, HERE_IP));
        for (String hex :
                new String[] {
                    arp(BROADCAST, HERE, 1, HERE_IP, THERE_IP),
                    solicitation(GROUP_MAC, HERE_IP6, GROUP_IP6, THERE_IP6)
                }) {
            for (int length = 0; length < hex.length(); length += 2) {
                assertThat(take(tap, hex.substring(0, length))).isEmpty();
            }
            assertThat(take(tap, hex)).isNotEmpty();
        }
    }
}
