package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session that outlives its first keys, in real time; topology in {@link TunnelPair}. */
@NetnsTest
@Tag("slow")
final class RekeyIT {
    @ParameterizedTest
    @MethodSource("io.ovl.dataplane.netns.InteropIT#roles")
    @Timeout(180)
    void shouldRekeyAfterTwoMinutesWithoutLoss(Daemon initiator, Daemon responder) {
        try (TunnelPair pair = new TunnelPair(initiator, responder, TunnelPair.ENDPOINT_B)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            long first = pair.tunnelA.latestHandshakeOf(pair.tunnelB);
            assertThat(pair.a.lostPings(TunnelPair.OVERLAY_B, 250, 0.2)).isZero();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB)).isEqualTo(first);
            assertThat(pair.a.lostPings(TunnelPair.OVERLAY_B, 250, 0.2)).isZero();
            assertThat(pair.a.lostPings(TunnelPair.OVERLAY_B, 125, 0.2)).isZero();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB) - first).isBetween(119L, 126L);
        }
    }
}
