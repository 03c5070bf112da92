package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tunnels whose underlay is another tunnel, or by mistake themselves; topology in {@link TunnelPair}. */
@NetnsTest
final class NestedTunnelIT {
    private static final int LOOP_LIMIT_BYTES = 70_000;

    @Test
    void shouldCarryATunnelInATunnel() {
        try (TunnelPair pair = new TunnelPair()) {
            Tunnel innerA = Tunnel.start(pair.lab, pair.a, Daemon.UNDER_TEST, 51_821);
            Tunnel innerB = Tunnel.start(pair.lab, pair.b, Daemon.UNDER_TEST, 51_821);
            innerA.addPeer(innerB, TunnelPair.OVERLAY_B + ":51821", "10.88.0.2/32");
            innerB.addPeer(innerA, "10.88.0.1/32");
            innerA.up("10.88.0.1/24");
            innerB.up("10.88.0.2/24");
            pair.a.ip("link set " + innerA.name() + " mtu 1340");
            pair.b.ip("link set " + innerB.name() + " mtu 1340");
            assertThat(pair.a.pings("10.88.0.2", 1_312)).isTrue();
            assertThat(pair.a.lostPings("10.88.0.2", 50, 0.02)).isZero();
            assertThat(innerB.endpointOf(innerA)).isEqualTo(TunnelPair.OVERLAY_A + ":51821");
        }
    }

    /** The endpoint is routed into the tunnel itself: every packet sent makes the next one, larger. */
    @Test
    @OvlOnly
    void shouldBoundARoutingLoop() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set(
                    "peer",
                    pair.tunnelB.publicKey(),
                    "endpoint",
                    "192.0.2.99:51820",
                    "allowed-ips",
                    TunnelPair.OVERLAY_B + "/32,192.0.2.99/32");
            pair.a.ip("route add 192.0.2.99/32 dev " + pair.tunnelA.name());
            long before = pair.tunnelA.sentBytes(pair.tunnelB);
            pair.a.pingsInVain(TunnelPair.OVERLAY_B);
            Eventually.pause(1_000);
            assertThat(pair.tunnelA.sentBytes(pair.tunnelB) - before).isLessThan(LOOP_LIMIT_BYTES);
            assertThat(pair.a.run(Daemon.built("ovlctl"), "stats", "--drops", pair.tunnelA.name()))
                    .contains("drop ROUTING_LOOP");

            pair.a.ip("route del 192.0.2.99/32 dev " + pair.tunnelA.name());
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "endpoint", TunnelPair.ENDPOINT_B);
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }
}
