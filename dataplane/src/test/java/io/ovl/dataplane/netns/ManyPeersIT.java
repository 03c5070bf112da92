package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Base64;
import java.util.SplittableRandom;

/** Configurations of a size that only machines write; topology in {@link TunnelPair}. */
@NetnsTest
final class ManyPeersIT {
    private static final int PEERS = 2_000;

    @Test
    void shouldServeTwoThousandPeers() {
        try (TunnelPair pair = new TunnelPair()) {
            SplittableRandom random = new SplittableRandom(1);
            StringBuilder config = new StringBuilder();
            for (int peer = 0; peer < PEERS; peer++) {
                config.append("[Peer]\nPublicKey = ")
                        .append(key(random))
                        .append("\nAllowedIPs = 10.80.");
                config.append(peer / 256).append('.').append(peer % 256).append("/32\n");
            }
            pair.a.run(
                    "wg",
                    "addconf",
                    pair.tunnelA.name(),
                    pair.lab.file(config.toString()).toString());
            assertThat(pair.tunnelA.show("peers").lines()).hasSize(PEERS + 1);
            assertThat(pair.tunnelA.show("allowed-ips")).contains("\t10.80.7.207/32");
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();

            pair.b.ip("addr add 10.80.7.207/32 dev " + pair.tunnelB.name());
            pair.a.ip("route add 10.80.0.0/16 dev " + pair.tunnelA.name());
            assertThat(pair.a.pings("10.80.7.207")).isFalse();
            pair.tunnelA.addPeer(pair.tunnelB, TunnelPair.OVERLAY_B + "/32,10.80.7.207/32");
            assertThat(pair.a.pings("10.80.7.207")).isTrue();
        }
    }

    @Test
    void shouldListAHundredAndThirtyThousandAllowedIpsInOneGet() {
        try (Lab lab = new Lab()) {
            Tunnel tunnel = Tunnel.start(lab, lab.host("a"), Daemon.UNDER_TEST);
            StringBuilder config =
                    new StringBuilder("[Peer]\nPublicKey = " + key(new SplittableRandom(1)) + "\n");
            StringBuilder expected = new StringBuilder();
            for (int third = 0; third < 255; third++) {
                for (int prefix = 0; prefix < 512; prefix++) {
                    String address = "10." + third + '.' + prefix / 2 + '.' + prefix % 2 * 128;
                    config.append("AllowedIPs = ").append(address).append("/25\n");
                    expected.append(' ').append(address).append("/25");
                }
            }
            tunnel.host()
                    .run("wg", "addconf", tunnel.name(), lab.file(config.toString()).toString());
            String shown = tunnel.show("allowed-ips");
            String listed = shown.substring(shown.indexOf('\t') + 1);
            assertThat(listed.split(" ", -1))
                    .hasSize(255 * 512)
                    .containsExactlyInAnyOrder(expected.substring(1).split(" ", -1));
        }
    }

    private static String key(SplittableRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
