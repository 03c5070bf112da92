package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A peer behind a NAT that forgets idle UDP flows after two seconds.
 *
 * <pre>
 *   host a                      nat, masquerades               host b
 *   10.0.0.2 wire0 ---- 10.0.0.1 inside  outside 192.0.2.1 ---- wire0 192.0.2.2
 * </pre>
 */
@NetnsTest
final class NatIT {
    private final Lab lab = new Lab();
    private final Host a = lab.host("a");
    private final Host nat = lab.host("nat");
    private final Host b = lab.host("b");
    private final Tunnel tunnelA;
    private final Tunnel tunnelB;

    NatIT() {
        lab.wire(a, "wire0", nat, "inside");
        lab.wire(nat, "outside", b, "wire0");
        a.ip("addr add 10.0.0.2/24 dev wire0", "route add default via 10.0.0.1");
        nat.ip("addr add 10.0.0.1/24 dev inside", "addr add 192.0.2.1/24 dev outside");
        b.ip("addr add 192.0.2.2/24 dev wire0");
        masqueradeTo("1024-9999");
        nat.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");

        tunnelA = Tunnel.start(lab, a, Daemon.UNDER_TEST);
        tunnelB = Tunnel.start(lab, b, Daemon.UNDER_TEST);
        tunnelA.addPeer(tunnelB, TunnelPair.ENDPOINT_B, TunnelPair.OVERLAY_B + "/32");
        tunnelB.addPeer(tunnelA, TunnelPair.OVERLAY_A + "/32");
        tunnelA.up(TunnelPair.OVERLAY_A + "/24");
        tunnelB.up(TunnelPair.OVERLAY_B + "/24");
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    @Test
    void shouldStayReachableThroughPersistentKeepalive() {
        nat.run("sysctl", "-q", "-w", "net.netfilter.nf_conntrack_udp_timeout=2");
        nat.run("sysctl", "-q", "-w", "net.netfilter.nf_conntrack_udp_timeout_stream=2");
        tunnelA.set("peer", tunnelB.publicKey(), "persistent-keepalive", "1");
        assertThat(a.pings(TunnelPair.OVERLAY_B)).isTrue();
        Eventually.pause(4_000);
        // Where the machine stands still for two seconds, the NAT forgets, and learns anew from the
        // next keepalive.
        assertThat(b.reaches(TunnelPair.OVERLAY_A)).isTrue();

        tunnelA.set("peer", tunnelB.publicKey(), "persistent-keepalive", "off");
        assertThat(Eventually.comesTrue(this::hasForgottenTheFlow)).isTrue();
        assertThat(b.pingsInVain(TunnelPair.OVERLAY_A)).isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () ->
                                        a.pings(TunnelPair.OVERLAY_B)
                                                && !b.pingsInVain(TunnelPair.OVERLAY_A)))
                .isTrue();
    }

    @Test
    void shouldFollowANatThatMapsAnew() {
        assertThat(a.pings(TunnelPair.OVERLAY_B)).isTrue();
        assertThat(portSeenByB()).isBetween(1_024, 9_999);
        masqueradeTo("10000-19999");
        nat.run("conntrack", "-F");
        assertThat(a.pings(TunnelPair.OVERLAY_B)).isTrue();
        assertThat(portSeenByB()).isBetween(10_000, 19_999);
        assertThat(b.pings(TunnelPair.OVERLAY_A)).isTrue();
    }

    private boolean hasForgottenTheFlow() {
        return nat.run("conntrack", "-L").contains(" 0 flow entries");
    }

    private int portSeenByB() {
        String endpoint = tunnelB.endpointOf(tunnelA);
        assertThat(endpoint).startsWith("192.0.2.1:");
        return Integer.parseInt(endpoint.substring(endpoint.indexOf(':') + 1));
    }

    private void masqueradeTo(String ports) {
        nat.run(
                "nft",
                """
                table ip nat {
                    chain out { type nat hook postrouting priority 100; }
                }
                flush chain ip nat out
                add rule ip nat out oifname "outside" meta l4proto udp masquerade to :%s
                """
                        .formatted(ports));
    }
}
