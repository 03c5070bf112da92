package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that changes its address, its port or its address family is followed; topology in {@link TunnelPair}. */
@NetnsTest
final class RoamingIT {
    private static final int MOVES = 10;

    @Test
    @OvlOnly
    void shouldFollowAPeerThatMovesUnderTraffic() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            try (Pings pings = Pings.start(pair.a, TunnelPair.OVERLAY_B, 0.05)) {
                for (int move = 0; move < MOVES; move++) {
                    int from = 10 + move;
                    pair.a.ip(
                            "addr add 192.0.2." + (from + 1) + "/24 dev wire0",
                            "addr del "
                                    + (move == 0 ? "192.0.2.1" : "192.0.2." + from)
                                    + "/24 dev wire0");
                    Eventually.pause(200);
                }
                assertThat(pings.lostUntilNow()).isLessThanOrEqualTo(MOVES);
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelB.endpointOf(pair.tunnelA))
                    .isEqualTo("192.0.2." + (10 + MOVES) + ":51820");
        }
    }

    @Test
    void shouldFollowAPeerThatMovesToAnotherPort() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            for (int port = 52_000; port < 52_005; port++) {
                pair.tunnelA.set("listen-port", Integer.toString(port));
                assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
                assertThat(pair.tunnelB.endpointOf(pair.tunnelA)).isEqualTo("192.0.2.1:" + port);
                assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFollowAPeerToTheOtherAddressFamily(boolean startsWithIpv4) {
        String first = startsWithIpv4 ? TunnelPair.ENDPOINT_B : TunnelPair.ENDPOINT6_B;
        String second = startsWithIpv4 ? TunnelPair.ENDPOINT6_B : TunnelPair.ENDPOINT_B;
        try (TunnelPair pair = new TunnelPair(Daemon.UNDER_TEST, Daemon.UNDER_TEST, first)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", second);
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelB.endpointOf(pair.tunnelA))
                    .startsWith(startsWithIpv4 ? "[2001:db8::1]" : "192.0.2.1");
            assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
        }
    }

    @Test
    @OvlOnly
    void shouldFollowTheResponderToo() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.b.ip("addr add 192.0.2.20/24 dev wire0", "addr del 192.0.2.2/24 dev wire0");
            // A sticky source that is gone costs its first packet at most.
            pair.b.pingsInVain(TunnelPair.OVERLAY_A);
            assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
            assertThat(pair.tunnelA.endpointOf(pair.tunnelB)).isEqualTo("192.0.2.20:51820");
        }
    }
}
