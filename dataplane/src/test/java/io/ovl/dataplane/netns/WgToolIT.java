package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code wg} and {@code wg-quick} drive the daemon as they drive the kernel; topology in {@link TunnelPair}. */
@NetnsTest
final class WgToolIT {
    @Test
    void shouldRoundTripAConfiguration() {
        try (TunnelPair pair = new TunnelPair()) {
            pair.tunnelA.presharedKey(pair.tunnelB, Command.run("wg", "genpsk"));
            pair.tunnelA.set("peer", pair.tunnelB.publicKey(), "persistent-keepalive", "25");
            pair.tunnelA.set("fwmark", "0x1234");
            String config = pair.a.run("wg", "showconf", pair.tunnelA.name());
            assertThat(config)
                    .contains(
                            "FwMark = 0x1234",
                            "ListenPort = 51820",
                            "PersistentKeepalive = 25",
                            "PresharedKey = ");

            pair.a.run(
                    "wg",
                    "setconf",
                    pair.tunnelA.name(),
                    pair.lab.file("[Interface]\n").toString());
            assertThat(pair.tunnelA.show("peers")).isEmpty();
            pair.a.run(
                    "wg", "setconf", pair.tunnelA.name(), pair.lab.file(config + "\n").toString());
            assertThat(pair.a.run("wg", "showconf", pair.tunnelA.name())).isEqualTo(config);
        }
    }

    @Test
    void shouldKeepTheSessionAcrossSyncconf() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            long handshake = pair.tunnelA.latestHandshakeOf(pair.tunnelB);
            String config = pair.a.run("wg", "showconf", pair.tunnelA.name());
            Eventually.pause(1_100);
            pair.a.run(
                    "wg", "syncconf", pair.tunnelA.name(), pair.lab.file(config + "\n").toString());
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB)).isEqualTo(handshake);
        }
    }

    @Test
    @OvlOnly
    void shouldKeepTheOldPortWhenTheNewOneIsTaken() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.start("socat", "-u", "UDP4-LISTEN:4444", "STDOUT");
            assertThat(
                            Eventually.comesTrue(
                                    () -> !pair.a.run("ss", "-Hlun", "sport = 4444").isEmpty()))
                    .isTrue();
            assertThat(
                            pair.a
                                    .tryRun("wg", "set", pair.tunnelA.name(), "listen-port", "4444")
                                    .output())
                    .contains("Address already in use");
            assertThat(pair.tunnelA.show("listen-port")).isEqualTo("51820");
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldChangeItsPortUnderASession() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set("listen-port", "51999");
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelB.endpointOf(pair.tunnelA)).isEqualTo("192.0.2.1:51999");
        }
    }

    @Test
    void shouldMarkItsPacketsForPolicyRouting() {
        try (TunnelPair pair = new TunnelPair()) {
            pair.a.ip(
                    "rule add pref 100 fwmark 0x77 lookup main",
                    "rule add pref 101 to 192.0.2.2 prohibit");
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set("fwmark", "0x77");
            assertThat(pair.a.reaches(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldForgetAPeerThatIsRemoved() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelB.set("peer", pair.tunnelA.publicKey(), "remove");
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelB.show("peers")).isEmpty();
        }
    }

    @Test
    void shouldMoveAnAllowedIpToThePeerNamedLast() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            String other = Command.run("bash", "-c", "wg genkey | wg pubkey");
            pair.tunnelA.set("peer", other, "allowed-ips", TunnelPair.OVERLAY_B + "/32");
            assertThat(pair.tunnelA.show("allowed-ips"))
                    .contains(other + "\t" + TunnelPair.OVERLAY_B + "/32");
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.a.pings(TunnelPair.OVERLAY6_B)).isTrue();
        }
    }

    @Test
    void shouldStopUntilItsPrivateKeyReturns() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            Path key =
                    pair.lab.file(
                            pair.a.run("wg", "show", pair.tunnelA.name(), "private-key") + "\n");
            pair.tunnelA.set("private-key", "/dev/null");
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.set("private-key", key.toString());
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    /** wg-quick takes the userspace daemon only where the kernel has no WireGuard of its own. */
    @Test
    void shouldBeDrivenByWgQuick() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/sys/module/wireguard")), "this kernel has WireGuard");
        try (TunnelPair pair = new TunnelPair()) {
            String name = Tunnel.newName();
            Path config =
                    pair.lab.file(
                            name + ".conf",
                            """
                            [Interface]
                            PrivateKey = %s
                            ListenPort = 51900
                            Address = 10.78.0.1/24, fd78::1/64
                            MTU = 1400
                            [Peer]
                            PublicKey = %s
                            Endpoint = 192.0.2.2:51820
                            AllowedIPs = 10.99.0.0/16, %s/32
                            """
                                    .formatted(
                                            Command.run("wg", "genkey"),
                                            pair.tunnelB.publicKey(),
                                            TunnelPair.OVERLAY_B));
            Map<String, String> environment =
                    Map.of("WG_QUICK_USERSPACE_IMPLEMENTATION", Daemon.UNDER_TEST.program());
            pair.a.run(environment, "wg-quick", "up", config.toString());
            pair.tunnelB.set(
                    "peer",
                    pair.a.run("wg", "show", name, "public-key"),
                    "allowed-ips",
                    "10.78.0.1/32");
            pair.b.ip("route add 10.78.0.0/24 dev " + pair.tunnelB.name());
            assertThat(pair.a.pingsFrom("10.78.0.1", TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.a.run("ip", "-o", "addr", "show", "dev", name))
                    .contains("10.78.0.1/24", "fd78::1/64");
            assertThat(pair.a.run("ip", "-o", "link", "show", "dev", name)).contains("mtu 1400");
            assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).contains(name);
            pair.a.run(environment, "wg-quick", "down", config.toString());
            assertThat(Eventually.comesTrue(() -> Files.notExists(Tunnel.socket(name)))).isTrue();
        }
    }

    @Test
    void shouldFailForAnInterfaceThatIsNotThere() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.tryRun("wg", "show", Tunnel.newName()).succeeded()).isFalse();
        }
    }
}
