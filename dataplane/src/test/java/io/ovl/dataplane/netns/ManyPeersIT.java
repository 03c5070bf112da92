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
            assertThat(pair.a.pingsInVain("10.80.7.207")).isTrue();
            pair.tunnelA.addPeer(pair.tunnelB, TunnelPair.OVERLAY_B + "/32,10.80.7.207/32");
            assertThat(pair.a.pings("10.80.7.207")).isTrue();
        }
    }

    @Test
    void shouldListAHundredAndThirtyThousandAllowedIpsInOneGet() {
        try (Lab lab = new Lab()) {
            Tunnel tunnel = Tunnel.start(lab, lab.host("a"), Daemon.UNDER_TEST);
            String peer = "set=1\npublic_key=" + "11".repeat(32) + "\n";
            StringBuilder expected = new StringBuilder();
            // One request takes a mebibyte at most.
            for (int first = 0; first < 255; first += 51) {
                StringBuilder request = new StringBuilder(peer);
                for (int i = first * 512; i < (first + 51) * 512; i++) {
                    String network =
                            "10.%d.%d.%d/25".formatted(i >> 9, i >> 1 & 255, (i & 1) * 128);
                    request.append("allowed_ip=").append(network).append('\n');
                    expected.append(' ').append(network);
                }
                assertThat(tunnel.uapi(request.append('\n').toString())).isEqualTo("errno=0\n\n");
            }
            String shown = tunnel.show("allowed-ips");
            String listed = shown.substring(shown.indexOf('\t') + 1);
            assertThat(listed.split(" ", -1))
                    .hasSize(255 * 512)
                    .containsExactly(expected.substring(1).split(" ", -1));
        }
    }

    private static String key(SplittableRandom random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
