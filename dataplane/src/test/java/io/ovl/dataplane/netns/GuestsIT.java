package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Those behind a segment, who know nothing of ovl: guests on Linux bridges, guests on macvlan devices, and a router's
 * clients.
 *
 * <pre>
 *  guest-a 10.9.0.1 -- br0 a ================= b br0 -- guest-b 10.9.0.2     VNI 10
 *  mac-1, mac-2: macvlan on the TAP of a       mac-3: on the TAP of b        VNI 11
 *  client 10.8.0.2 -- 10.8.0.1 a 10.11.0.1     10.11.0.2 b                   VNI 11
 * </pre>
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuestsIT {
    private static final int MTU = 1418;
    private static final int ETHERNET_MTU = 1500;
    private static final int IPV4_PING = 28;
    private static final int IPV6_PING = 48;

    private final Lab lab = new Lab();
    private final Host a = lab.host("a");
    private final Host b = lab.host("b");
    private final Host guestA = lab.host("guest-a");
    private final Host guestB = lab.host("guest-b");
    private Tunnel tunnelA;
    private Tunnel tunnelB;
    private Control controlA;
    private Control controlB;

    @BeforeAll
    void setUp() {
        lab.wire(a, "wire0", b, "wire0");
        a.ip("addr add 192.0.2.1/24 dev wire0");
        b.ip("addr add 192.0.2.2/24 dev wire0");
        tunnelA = Tunnel.start(lab, a, Daemon.UNDER_TEST);
        tunnelB = Tunnel.start(lab, b, Daemon.UNDER_TEST);
        controlA = new Control(tunnelA);
        controlB = new Control(tunnelB);
        connect(tunnelA, controlA, tunnelB, "192.0.2.2");
        connect(tunnelB, controlB, tunnelA, "192.0.2.1");
        addGuest(a, guestA, 1);
        addGuest(b, guestB, 2);
        a.ip("addr add 10.11.0.1/24 dev " + bare(tunnelA));
        a.ip("addr add fd11::1/64 nodad dev " + bare(tunnelA));
        b.ip("addr add 10.11.0.2/24 dev " + bare(tunnelB));
        b.ip("addr add fd11::2/64 nodad dev " + bare(tunnelB));
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private static void connect(Tunnel tunnel, Control control, Tunnel peer, String underlay) {
        tunnel.host().ip("link add br0 type bridge", "link set br0 up");
        tunnel.set("peer", peer.publicKey(), "endpoint", underlay + ":51820");
        control.call(
                "segments.add",
                "name",
                "lan",
                "vni",
                10,
                "port",
                tunnel.name() + "l",
                "bridge",
                "br0");
        control.call("segments.add", "name", "bare", "vni", 11, "port", bare(tunnel));
        control.call(
                "peers.set",
                "peer",
                peer.publicKey(),
                "name",
                "other",
                "segments",
                List.of("lan", "bare"));
    }

    private static String bare(Tunnel tunnel) {
        return tunnel.name() + "m";
    }

    private void addGuest(Host host, Host guest, int number) {
        lab.wire(host, "port0", guest, "eth0");
        host.ip("link set port0 master br0");
        guest.ip(
                "addr add 10.9.0." + number + "/24 dev eth0",
                "addr add fd09::" + number + "/64 dev eth0 nodad");
    }

    private static String mac(Host host, String device) {
        return host.run("cat", "/sys/class/net/" + device + "/address");
    }

    @Test
    void shouldCarryPingAndTcpBetweenGuests() {
        assertThat(guestA.pings("10.9.0.2", MTU - IPV4_PING)).isTrue();
        assertThat(guestB.pings("fd09::1", MTU - IPV6_PING)).isTrue();
        Iperf iperf = new Iperf(guestB);
        for (String address : List.of("10.9.0.2", "fd09::2")) {
            iperf.load(guestA, address);
            iperf.load(guestA, address, "--reverse");
        }
        for (Host guest : List.of(guestA, guestB)) {
            String mac = mac(guest, "eth0");
            boolean isA = guest.equals(guestA);
            assertThat(controlA.portOf("lan", mac)).isEqualTo(isA ? tunnelA.name() + "l" : "other");
            assertThat(controlB.portOf("lan", mac)).isEqualTo(isA ? "other" : tunnelB.name() + "l");
        }
    }

    /** The bridges let frames of 1500 bytes through to ovl, which tells their senders. */
    @Test
    void shouldTellBridgedGuestsWhatIsTooLarge() {
        forgetPaths();
        assertThat(guestA.pings("10.9.0.2", MTU - IPV4_PING)).isTrue();
        assertThat(guestA.pings("fd09::2", MTU - IPV6_PING)).isTrue();
        long tooLarge = controlA.drops(DropReason.MTU_EXCEEDED);
        assertThat(ping(guestA, "10.9.0.2", ETHERNET_MTU - IPV4_PING))
                .contains("From 10.9.0.2", "Frag needed and DF set (mtu = 1418)");
        assertThat(ping(guestA, "fd09::2", ETHERNET_MTU - IPV6_PING))
                .contains("From fd09::2", "Packet too big: mtu=1418");
        assertThat(controlA.drops(DropReason.MTU_EXCEEDED) - tooLarge).isEqualTo(2);
        assertThat(controlA.segment("lan")).containsEntry("mtu", (long) MTU);
        // Otherwise super-packets would pass that no bridge could stop.
        guestA.run("ethtool", "-K", "eth0", "tso", "off", "gso", "off");
        forgetPaths();
        new Iperf(guestB).load(guestA, "10.9.0.2", "--bytes=1M");
        assertThat(controlA.drops(DropReason.MTU_EXCEEDED) - tooLarge).isGreaterThan(2);
        guestA.run("ethtool", "-K", "eth0", "tso", "on", "gso", "on");
        forgetPaths();
    }

    private static String ping(Host host, String address, int payload) {
        return host.tryRun(
                        "ping",
                        "-n",
                        "-c",
                        "1",
                        "-W",
                        "10",
                        "-M",
                        "do",
                        "-s",
                        Integer.toString(payload),
                        address)
                .output();
    }

    /** The underlay's MTU goes down and up again, and the segment's, and what guests are told, with it. */
    @Test
    void shouldFollowTheUnderlay() {
        underlayMtu(1_400);
        assertThat(a.run(Daemon.built("ovlctl"), "-i", tunnelA.name(), "mtu"))
                .contains("   1400  MTU of the underlay", "=  1318  MTU of the TAP");
        // The worker hears of it a moment after those who ask.
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    forgetPaths();
                                    return ping(guestA, "10.9.0.2", MTU - IPV4_PING)
                                            .contains("(mtu = 1318)");
                                }))
                .isTrue();
        assertThat(guestA.pings("10.9.0.2", 1_318 - IPV4_PING)).isTrue();
        underlayMtu(ETHERNET_MTU);
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    forgetPaths();
                                    return guestA.pings("10.9.0.2", MTU - IPV4_PING);
                                }))
                .isTrue();
    }

    private void underlayMtu(int mtu) {
        a.ip("link set wire0 mtu " + mtu);
        b.ip("link set wire0 mtu " + mtu);
        long expected = (long) mtu - (ETHERNET_MTU - MTU);
        for (Control control : List.of(controlA, controlB)) {
            assertThat(
                            Eventually.comesTrue(
                                    () ->
                                            Long.valueOf(expected)
                                                    .equals(control.segment("lan").get("mtu"))))
                    .isTrue();
        }
    }

    /** Lets guests forget what they were told about the path's MTU. */
    private void forgetPaths() {
        for (Host guest : List.of(guestA, guestB)) {
            guest.ip("route flush cache", "-6 route flush cache");
        }
    }

    @Test
    void shouldLetRoutersTellTheirClientsWhatIsTooLarge() {
        Host client = lab.host("client");
        lab.wire(a, "router0", client, "eth0");
        a.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        a.ip("addr add 10.8.0.1/24 dev router0", "addr add fd08::1/64 dev router0 nodad");
        client.ip("addr add 10.8.0.2/24 dev eth0", "addr add fd08::2/64 dev eth0 nodad");
        client.ip("route add default via 10.8.0.1", "-6 route add default via fd08::1");
        b.ip("route add 10.8.0.0/24 via 10.11.0.1", "-6 route add fd08::/64 via fd11::1");
        assertThat(client.pings("10.11.0.2", MTU - IPV4_PING)).isTrue();
        assertThat(client.pings("fd11::2", MTU - IPV6_PING)).isTrue();
        assertThat(ping(client, "10.11.0.2", ETHERNET_MTU - IPV4_PING))
                .contains("From 10.8.0.1", "Frag needed and DF set (mtu = 1418)");
        assertThat(ping(client, "fd11::2", ETHERNET_MTU - IPV6_PING))
                .contains("From fd08::1", "Packet too big: mtu=1418");
    }

    /** Where what is too large disappears without a word, only a smaller MSS helps. */
    @Test
    void shouldClampTheSegmentsOfBridgedTcp() {
        controlA.call("segments.set", "name", "lan", "clampMss", true);
        for (Host guest : List.of(guestA, guestB)) {
            guest.run(
                    "nft",
                    """
                    table inet silence {
                        chain in {
                            type filter hook input priority 0;
                            icmp type destination-unreachable drop
                            icmpv6 type packet-too-big drop
                        }
                    }
                    """);
        }
        forgetPaths();
        long tooLarge = controlA.drops(DropReason.MTU_EXCEEDED);
        Iperf iperf = new Iperf(guestB);
        // Without the 12 bytes of TCP's time stamps.
        assertThat(iperf.load(guestA, "10.9.0.2", "--json"))
                .containsPattern("\"tcp_mss_default\":\\s*" + (MTU - 40 - 12) + ",");
        assertThat(iperf.load(guestA, "fd09::2", "--json", "--reverse"))
                .containsPattern("\"tcp_mss_default\":\\s*" + (MTU - 60 - 12) + ",");
        assertThat(controlA.drops(DropReason.MTU_EXCEEDED)).isEqualTo(tooLarge);
        for (Host guest : List.of(guestA, guestB)) {
            guest.run("nft", "delete", "table", "inet", "silence");
        }
        controlA.call("segments.set", "name", "lan", "clampMss", false);
    }

    @Test
    void shouldCarryGuestsOnMacvlanDevices() {
        Host mac1 = macvlan(tunnelA, "mac-1", 1);
        Host mac2 = macvlan(tunnelA, "mac-2", 2);
        Host mac3 = macvlan(tunnelB, "mac-3", 3);
        assertThat(mac1.pings("10.12.0.3", MTU - IPV4_PING)).isTrue();
        assertThat(mac3.pings("fd12::2", MTU - IPV6_PING)).isTrue();
        assertThat(mac1.pings("10.12.0.2")).isTrue();
        Iperf iperf = new Iperf(mac3);
        iperf.load(mac1, "10.12.0.3", "--bytes=8M");
        iperf.load(mac2, "fd12::3", "--bytes=8M", "--reverse");
        for (Host guest : List.of(mac1, mac2)) {
            String mac = mac(guest, "eth0");
            assertThat(controlA.portOf("bare", mac)).isEqualTo(bare(tunnelA));
            assertThat(controlB.portOf("bare", mac)).isEqualTo("other");
        }
    }

    private Host macvlan(Tunnel tunnel, String name, int number) {
        Host guest = lab.host(name);
        tunnel.host()
                .ip(
                        "link add link "
                                + bare(tunnel)
                                + " name eth0 netns "
                                + guest.namespace()
                                + " type macvlan mode bridge");
        guest.ip(
                "link set eth0 up",
                "addr add 10.12.0." + number + "/24 dev eth0",
                "addr add fd12::" + number + "/64 dev eth0 nodad");
        return guest;
    }

    /** A lease through the tunnel, and its renewal when no forwarding database knows the two any more. */
    @Test
    void shouldCarryDhcpAndItsRenewal() throws IOException {
        guestB.ip("addr add 10.10.0.1/24 dev eth0");
        Path leases = lab.file("leases", "");
        guestB.start(
                "dnsmasq",
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--pid-file=",
                "--port=0",
                "--interface=eth0",
                "--bind-interfaces",
                "--user=root",
                "--dhcp-authoritative",
                "--dhcp-range=10.10.0.100,10.10.0.199,1h",
                "--dhcp-leasefile=" + leases);
        Path told = lab.file("told", "");
        Path script =
                lab.file(
                        "lease",
                        """
                        #!/bin/sh
                        [ "$1" != bound ] || ip addr add "$ip/$mask" dev "$interface"
                        echo "$1 $ip" >>%s
                        """
                                .formatted(told));
        Command.run("chmod", "700", script.toString());
        Process client =
                guestA.start(
                        "udhcpc",
                        "-f",
                        "-i",
                        "eth0",
                        "-T",
                        "1",
                        "-A",
                        "1",
                        "-s",
                        script.toString());
        assertThat(Eventually.comesTrue(() -> lastLine(told).startsWith("bound 10.10.0.1")))
                .isTrue();
        String address = lastLine(told).substring("bound ".length());
        assertThat(guestA.pingsFrom(address, "10.10.0.1")).isTrue();
        assertThat(Files.readString(leases)).contains(mac(guestA, "eth0") + " " + address);
        controlA.call("fdb.flush");
        controlB.call("fdb.flush");
        Command.run("kill", "-USR1", Long.toString(client.pid()));
        assertThat(Eventually.comesTrue(() -> lastLine(told).equals("renew " + address))).isTrue();
    }

    private static String lastLine(Path file) {
        return Command.run("tail", "-n", "1", file.toString());
    }
}
