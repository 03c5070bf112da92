package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A session that outlives its first keys, in real time: all roles at once, before and beside all other classes;
 * topology in {@link TunnelPair}.
 */
@NetnsTest
@Order(1)
final class RekeyIT {
    private static final double PING_INTERVAL_SECONDS = 0.2;

    @Test
    @Timeout(600)
    void shouldRekeyAfterTwoMinutesWithoutLoss() {
        try (ExecutorService executor = Executors.newCachedThreadPool()) {
            CompletableFuture<?>[] sessions =
                    InteropIT.roles()
                            .map(roles -> roles.get())
                            .map(
                                    roles ->
                                            CompletableFuture.runAsync(
                                                    () ->
                                                            outliveTheFirstKeys(
                                                                    (Daemon) roles[0],
                                                                    (Daemon) roles[1]),
                                                    executor))
                            .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(sessions).join();
        }
    }

    private static void outliveTheFirstKeys(Daemon initiator, Daemon responder) {
        try (TunnelPair pair = new TunnelPair(initiator, responder, TunnelPair.ENDPOINT_B)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            long first = pair.tunnelA.latestHandshakeOf(pair.tunnelB);
            assertThat(lostWithin(pair, 100)).as("lost with the first keys").isZero();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB)).isEqualTo(first);
            assertThat(lostWithin(pair, 30)).as("lost while they are replaced").isZero();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB) - first).isBetween(119L, 180L);
        }
    }

    private static int lostWithin(TunnelPair pair, int seconds) {
        int count = (int) (seconds / PING_INTERVAL_SECONDS);
        return pair.a.lostPings(TunnelPair.OVERLAY_B, count, PING_INTERVAL_SECONDS);
    }
}
