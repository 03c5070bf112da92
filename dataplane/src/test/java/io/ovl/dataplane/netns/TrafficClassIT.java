package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The traffic class of outer packets, and what ECN inside and outside do to each other (RFC 6040); topology in
 * {@link TunnelPair}.
 */
@NetnsTest
@OvlOnly
final class TrafficClassIT {
    private final TunnelPair pair = new TunnelPair();

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void shouldMarkHandshakesAsAf41AndDataAsNothing() {
        countAtB("udp dport 51820 udp length 156 counter ip dscp af41 counter");
        assertThat(
                        pair.a
                                .tryRun(
                                        "ping",
                                        "-n",
                                        "-c",
                                        "1",
                                        "-W",
                                        "20",
                                        "-Q",
                                        "0xb8",
                                        TunnelPair.OVERLAY_B)
                                .succeeded())
                .isTrue();
        // On a very slow machine there may be a second one.
        List<Integer> counts = countsAtB();
        assertThat(counts).hasSize(2).doesNotContain(0);
        assertThat(counts.getLast()).isEqualTo(counts.getFirst());

        countAtB("udp dport 51820 udp length > 160 ip dscp cs0 counter");
        assertThat(
                        pair.a
                                .tryRun(
                                        "ping",
                                        "-n",
                                        "-c",
                                        "1",
                                        "-W",
                                        "20",
                                        "-s",
                                        "500",
                                        "-Q",
                                        "0xb8",
                                        TunnelPair.OVERLAY_B)
                                .succeeded())
                .isTrue();
        assertThat(countedAtB()).isEqualTo(1);
    }

    /** Several packets in one segmented send count as one here, so this counts those that are wrong. */
    @ParameterizedTest
    @CsvSource({"0, not-ect", "1, ect1", "2, ect0", "3, ce"})
    void shouldCopyEcnOut(int trafficClass, String ecn) {
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        countAtB("udp dport 51820 ip ecn != " + ecn + " counter");
        pingsOfClass(trafficClass);
        assertThat(countedAtB()).isZero();
        countAtB("udp dport 51820 ip ecn " + ecn + " counter");
        pingsOfClass(trafficClass);
        assertThat(countedAtB()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void shouldCopyCongestionIn(int trafficClass) {
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        congestTowardsB();
        countAtB("iifname \"" + pair.tunnelB.name() + "\" ip ecn ce counter");
        pingsOfClass(trafficClass);
        assertThat(countedAtB()).isEqualTo(3);
    }

    /** Congestion on a packet whose sender cannot hear of it can only be told by losing the packet. */
    @Test
    void shouldDropCongestionThatNobodyInsideUnderstands() {
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        congestTowardsB();
        assertThat(pair.a.pingsInVainTimes(TunnelPair.OVERLAY_B, 3)).isTrue();
    }

    private void pingsOfClass(int trafficClass) {
        String tos = Integer.toString(trafficClass);
        pair.a.run(
                "ping", "-n", "-c", "3", "-i", "0.01", "-W", "20", "-Q", tos, TunnelPair.OVERLAY_B);
    }

    private void congestTowardsB() {
        pair.a.run(
                "nft",
                """
                table ip congestion {
                    chain out {
                        type filter hook postrouting priority 0
                        udp dport 51820 ip ecn set ce
                    }
                }
                """);
    }

    /** Counts from now on what arrives at host b and matches. */
    private void countAtB(String rule) {
        pair.b.run(
                "nft",
                """
                table inet count {
                    chain in { type filter hook input priority 0; }
                }
                flush chain inet count in
                add rule inet count in %s
                """
                        .formatted(rule));
    }

    private int countedAtB() {
        return countsAtB().getFirst();
    }

    /** What each counter of the rule has counted. */
    private List<Integer> countsAtB() {
        String listing = pair.b.run("nft", "list", "chain", "inet", "count", "in");
        return Pattern.compile("counter packets (\\d+)")
                .matcher(listing)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }
}
