package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The underlay refuses packets for a while, each time with another error; topology in {@link TunnelPair}. */
@NetnsTest
final class UnderlayErrorsIT {
    @ParameterizedTest
    @ValueSource(strings = {"unreachable", "prohibit", "blackhole"})
    void shouldOutliveARouteThatRefuses(String kind) {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.ip("route add " + kind + " 192.0.2.2/32");
            // Setting the endpoint clears the source and the interface that replies stick to, which
            // would go round the route.
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", TunnelPair.ENDPOINT_B);
            assertThat(pair.a.pingsInVainTimes(TunnelPair.OVERLAY_B, 20)).isTrue();
            pair.a.ip("route del " + kind + " 192.0.2.2/32");
            assertThat(recovers(pair)).isTrue();
        }
    }

    /** Before the first handshake there is no session to fall back to: the retry timer has to bring it about. */
    @ParameterizedTest
    @ValueSource(strings = {"unreachable", "prohibit", "blackhole"})
    void shouldConnectOnceTheRouteIsThere(String kind) {
        try (TunnelPair pair = new TunnelPair()) {
            pair.a.ip("route add " + kind + " 192.0.2.2/32");
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.ip("route del " + kind + " 192.0.2.2/32");
            assertThat(recovers(pair)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"drop", "reject"})
    void shouldOutliveAFirewall(String verdict) {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.run(
                    "nft",
                    """
                    table inet wall {
                        chain out {
                            type filter hook output priority 0
                            udp dport 51820 %s
                        }
                    }
                    """
                            .formatted(verdict));
            assertThat(pair.a.pingsInVainTimes(TunnelPair.OVERLAY_B, 20)).isTrue();
            pair.a.run("nft", "delete table inet wall");
            assertThat(recovers(pair)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.2:9", "[2001:db8::2]:9"})
    void shouldOutliveAPortThatIsClosed(String endpoint) {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", endpoint);
            assertThat(pair.a.pingsInVainTimes(TunnelPair.OVERLAY_B, 10)).isTrue();
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", TunnelPair.ENDPOINT_B);
            assertThat(recovers(pair)).isTrue();
        }
    }

    private static boolean recovers(TunnelPair pair) {
        return pair.a.reaches(TunnelPair.OVERLAY_B);
    }
}
