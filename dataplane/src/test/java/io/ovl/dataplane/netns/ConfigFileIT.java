package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** A daemon that sets its interface up by itself, from a file in wg-quick's format; topology in {@link TunnelPair}. */
@NetnsTest
@OvlOnly
final class ConfigFileIT {
    @Test
    void shouldSetUpAddressesMtuAndRoutes() {
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
            pair.a.run(Daemon.UNDER_TEST.program(), "--config", config.toString());
            pair.tunnelB.set(
                    "peer",
                    pair.a.run("wg", "show", name, "public-key"),
                    "allowed-ips",
                    "10.78.0.1/32");
            pair.b.ip("route add 10.78.0.0/24 dev " + pair.tunnelB.name());
            assertThat(
                            pair.a
                                    .tryRun(
                                            "ping",
                                            "-n",
                                            "-c",
                                            "1",
                                            "-W",
                                            "2",
                                            "-I",
                                            "10.78.0.1",
                                            TunnelPair.OVERLAY_B)
                                    .succeeded())
                    .isTrue();
            assertThat(pair.a.run("ip", "-o", "addr", "show", "dev", name))
                    .contains("10.78.0.1/24", "fd78::1/64");
            assertThat(pair.a.run("ip", "-o", "link", "show", "dev", name)).contains("mtu 1400");
            assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).contains(name);
        }
    }

    @Test
    void shouldNameTheLineThatIsWrongAndLeaveNothingBehind() {
        try (Lab lab = new Lab()) {
            Host host = lab.host("a");
            String name = Tunnel.newName();
            Path config = lab.file(name + ".conf", "[Interface]\nListenPort = 99999\n");
            Outcome outcome =
                    host.tryRun(Daemon.UNDER_TEST.program(), "--config", config.toString());
            assertThat(outcome.succeeded()).isFalse();
            assertThat(outcome.output()).contains(config + ":2", "99999");
            assertThat(host.processIds()).isEmpty();
            assertThat(host.tryRun("ip", "link", "show", name).succeeded()).isFalse();
            assertThat(Tunnel.socket(name)).doesNotExist();
        }
    }
}
