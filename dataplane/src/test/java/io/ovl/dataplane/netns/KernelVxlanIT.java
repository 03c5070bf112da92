package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.LinuxUdpSockets;
import io.ovl.dataplane.io.SendBatch;
import io.ovl.dataplane.io.UdpOptions;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Segments whose other end is the kernel's VXLAN device: in the clear, and in the standard form inside the tunnel of
 * another WireGuard. Nothing of ovl runs on host b. A veth leaves to the receiver what a network card would do: inner
 * checksums are not finished, and super-packets not segmented.
 *
 * <pre>
 *            a: ovld                                          b: kernel, wireguard-go
 *  VNI 20    10.20.0.1  in the clear over IPv4 ------------   10.20.0.2  vx20
 *  VNI 21    10.21.0.1  in the clear over IPv6 ------------   10.21.0.2  vx21
 *  VNI 22    10.22.0.1  inside the tunnel, to 10.77.0.2 ---   10.22.0.2  vx22
 *            192.0.2.1, 2001:db8::1  wire0 -------- wire0     192.0.2.2, 2001:db8::2
 * </pre>
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KernelVxlanIT {
    private static final int FIRST_SOURCE_PORT = 49_152;
    private static final int FLOWS = 64;
    private static final int DATAGRAMS = 20;
    private static final int DATAGRAM_LENGTH = 1_000;

    private final Lab lab = new Lab();
    private final Host a = lab.host("a");
    private final Host b = lab.host("b");

    @BeforeAll
    void setUp() {
        lab.wire(a, "wire0", b, "wire0");
        a.ip("addr add 192.0.2.1/24 dev wire0", "addr add 2001:db8::1/64 dev wire0 nodad");
        b.ip("addr add 192.0.2.2/24 dev wire0", "addr add 2001:db8::2/64 dev wire0 nodad");
        Tunnel tunnelA = Tunnel.start(lab, a, Daemon.UNDER_TEST);
        Tunnel tunnelB = Tunnel.start(lab, b, Daemon.WIREGUARD_GO);
        tunnelA.up("10.77.0.1/24", "fd77::1/64");
        tunnelB.up("10.77.0.2/24", "fd77::3/64");
        // Room for full frames: wireguard-go's own MTU is for what is inside L3.
        b.ip("link set " + tunnelB.name() + " mtu 1440");
        tunnelA.addPeer(tunnelB, "192.0.2.2:51820", "10.77.0.2/32,fd77::3/128");
        tunnelB.addPeer(tunnelA, "10.77.0.1/32,fd77::1/128");
        Control control = new Control(tunnelA);
        clear(tunnelA, control, 20, "192.0.2.1", "192.0.2.2");
        clear(tunnelA, control, 21, "2001:db8::1", "2001:db8::2");
        address(a, segment(tunnelA, control, 22), 22, 1);
        control.call(
                "peers.set",
                "peer",
                tunnelB.publicKey(),
                "segments",
                List.of("lan22"),
                "vtep",
                "10.77.0.2");
        address(b, device(22, "local 10.77.0.2 remote 10.77.0.1 dev " + tunnelB.name()), 22, 2);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    private void clear(Tunnel tunnel, Control control, int vni, String local, String remote) {
        address(
                a,
                segment(
                        tunnel,
                        control,
                        vni,
                        "encap",
                        "vxlan",
                        "local",
                        local,
                        "remotes",
                        List.of(remote)),
                vni,
                1);
        address(b, device(vni, "local " + remote + " remote " + local + " dev wire0"), vni, 2);
    }

    private static String segment(Tunnel tunnel, Control control, int vni, Object... settings) {
        String device = tunnel.name() + "v" + vni;
        List<Object> parameters =
                new ArrayList<>(List.of("name", "lan" + vni, "vni", vni, "port", device));
        parameters.addAll(List.of(settings));
        control.call("segments.add", parameters.toArray());
        return device;
    }

    private String device(int vni, String where) {
        String name = "vx" + vni;
        b.ip("link add " + name + " type vxlan id " + vni + " dstport 4789 " + where);
        return name;
    }

    private static void address(Host host, String device, int vni, int number) {
        host.ip(
                "addr add 10." + vni + ".0." + number + "/24 dev " + device,
                "addr add fd" + vni + "::" + number + "/64 dev " + device + " nodad",
                "link set " + device + " up");
    }

    /** The address of a host in a segment. */
    private static String ipv4(int vni, int number) {
        return "10." + vni + ".0." + number;
    }

    private static String ipv6(int vni, int number) {
        return "fd" + vni + "::" + number;
    }

    @ParameterizedTest
    @CsvSource({"20, 1450", "21, 1430", "22, 1390"})
    void shouldCarryFramesUpToTheMtu(int vni, int mtu) {
        assertThat(a.run("ip", "-o", "link", "show", "up")).contains("v" + vni + ":");
        for (int payload : new int[] {0, 56, mtu - 28}) {
            assertThat(a.pings(ipv4(vni, 2), payload)).as("%d bytes to b", payload).isTrue();
            assertThat(b.pings(ipv4(vni, 1), payload)).as("%d bytes to a", payload).isTrue();
        }
        assertThat(a.pings(ipv6(vni, 2), mtu - 48)).isTrue();
        assertThat(b.pings(ipv6(vni, 1), mtu - 48)).isTrue();
        assertThat(a.pingsInVain(ipv4(vni, 2), mtu - 27)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"20", "21", "22"})
    void shouldCarryBulkTcpBothWays(int vni) {
        Iperf iperf = new Iperf(b);
        for (String address : List.of(ipv4(vni, 2), ipv6(vni, 2))) {
            iperf.load(a, address);
            iperf.load(a, address, "--reverse");
        }
    }

    @ParameterizedTest
    @CsvSource({"20", "21", "22"})
    void shouldCarryUdpSuperPacketsAsTheDatagramsInThem(int vni) throws Exception {
        int port = 7_000 + vni;
        InetAddress source = InetAddress.getByName(ipv4(vni, 2));
        InetAddress destination = InetAddress.getByName(ipv4(vni, 1));
        assertThat(b.pings(ipv4(vni, 1))).isTrue();
        SendBatch batch = new SendBatch();
        try (DatagramSocket receiver = a.call(() -> new DatagramSocket(port, destination));
                LinuxUdpSockets sender = b.call(() -> LinuxUdpSockets.open(UdpOptions.port(0)))) {
            receiver.setSoTimeout(10_000);
            Endpoint endpoint = Endpoint.of(new UdpAddress(Simulation.ip(ipv4(vni, 1)), port, 0));
            for (int i = 0; i < DATAGRAMS; i++) {
                batch.buffer().setMemory(batch.reserve(), DATAGRAM_LENGTH, (byte) i);
                batch.commit(endpoint, 0, DATAGRAM_LENGTH);
            }
            assertThat(batch.count()).isOne();
            assertThat(sender.bind(0).send(batch)).isZero();
            for (int i = 0; i < DATAGRAMS; i++) {
                DatagramPacket datagram = new DatagramPacket(new byte[2_000], 2_000);
                receiver.receive(datagram);
                assertThat(datagram.getAddress()).isEqualTo(source);
                assertThat(Arrays.copyOf(datagram.getData(), datagram.getLength()))
                        .hasSize(DATAGRAM_LENGTH)
                        .containsOnly(i);
            }
        }
    }

    /** RFC 7348 §5: so that the underlay spreads flows, but keeps each on one way. */
    @Test
    void shouldTakeTheSourcePortFromTheInnerFlow() throws IOException {
        assertThat(a.pings(ipv4(20, 2))).isTrue();
        Map<Integer, Set<Integer>> portsOfFlow = new HashMap<>();
        try (PacketSocket wire = PacketSocket.open(b, "wire0");
                DatagramSocket sender =
                        a.call(() -> new DatagramSocket(0, InetAddress.getByName(ipv4(20, 1))))) {
            for (int round = 0; round < 3; round++) {
                for (int flow = 0; flow < FLOWS; flow++) {
                    sender.send(
                            new DatagramPacket(
                                    new byte[64],
                                    64,
                                    InetAddress.getByName(ipv4(20, 2)),
                                    6_000 + flow));
                }
            }
            assertThat(
                            Eventually.comesTrue(
                                    () -> {
                                        for (Frame frame = wire.receive();
                                                frame != null;
                                                frame = wire.receive()) {
                                            note(frame, portsOfFlow);
                                        }
                                        return portsOfFlow.size() == FLOWS;
                                    }))
                    .isTrue();
        }
        Set<Integer> ports = new HashSet<>();
        portsOfFlow.forEach(
                (flow, its) -> {
                    assertThat(its).as("flow %d", flow).hasSize(1);
                    ports.addAll(its);
                });
        assertThat(ports).hasSizeGreaterThan(8).allMatch(port -> port >= FIRST_SOURCE_PORT);
    }

    /**
     * Notes the outer source port of every inner flow in a frame; the flow's destination port tells it. The frame may
     * be several datagrams of one source port that leave in one offload.
     */
    private static void note(Frame frame, Map<Integer, Set<Integer>> portsOfFlow) {
        ByteBuffer packet = ByteBuffer.wrap(frame.payload());
        int innerUdp = 8 + 14 + 20;
        int datagram = innerUdp + 8 + 64;
        boolean isOurs =
                frame.etherType() == Frame.IPV4
                        && packet.get(9) == 17
                        && packet.getShort(22) == 4_789
                        && (packet.capacity() - 28) % datagram == 0;
        if (isOurs) {
            int sourcePort = packet.getShort(20) & 0xffff;
            for (int start = 28; start < packet.capacity(); start += datagram) {
                int flow = packet.getShort(start + innerUdp + 2) & 0xffff;
                portsOfFlow.computeIfAbsent(flow, key -> new HashSet<>()).add(sourcePort);
            }
        }
    }
}
