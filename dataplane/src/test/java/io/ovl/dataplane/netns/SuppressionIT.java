package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.WorkerCounter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Three kernels that look for one another in a {@link SegmentLab}, and ovl on host a, which answers in the others'
 * place. What host c hears of a's requests tells whether they were flooded.
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SuppressionIT {
    private static final String LAN = SegmentLab.SEGMENT;
    private static final int ARP_TARGET = 24;
    private static final int ND_TYPE = 40;
    private static final int ND_TARGET = 48;
    private static final int NEIGHBOR_SOLICITATION = 135;

    private final SegmentLab lab = new SegmentLab(3);
    private final Station a = lab.station(0);
    private final Station b = lab.station(1);
    private final Station c = lab.station(2);

    @BeforeAll
    void setUp() {
        for (Station station : lab.stations) {
            String device = station.end(LAN).device;
            station.host.run("sysctl", "-q", "-w", "net.ipv6.conf." + device + ".disable_ipv6=0");
            // No kernel asks again by itself whether a neighbour is still there.
            for (String family : List.of("ipv4", "ipv6")) {
                station.host.run(
                        "sysctl",
                        "-q",
                        "-w",
                        "net." + family + ".neigh." + device + ".delay_first_probe_time=3600");
            }
            station.host.ip(
                    "addr add 10.5.0." + station.number + "/24 dev " + device,
                    "addr add fd05::" + station.number + "/64 dev " + device + " nodad");
        }
        a.control.call("segments.set", "name", LAN, "suppressArp", true);
    }

    @AfterAll
    void close() {
        lab.close();
    }

    /** Lets the kernel of host a look for that address, and find it. */
    private void find(String address) {
        a.host.ip("neigh flush dev " + a.end(LAN).device);
        assertThat(a.host.pings(address)).as("%s is found", address).isTrue();
    }

    private long answered() {
        return a.control.count(WorkerCounter.NEIGHBORS_ANSWERED);
    }

    /** How many requests for that address host c has heard. */
    private long heard(String address) {
        lab.fence(a);
        byte[] target = bytes(address);
        return c.end(LAN).received().stream().filter(frame -> isRequest(frame, target)).count();
    }

    private static boolean isRequest(Frame frame, byte[] target) {
        byte[] packet = frame.payload();
        if (frame.etherType() == Frame.ARP) {
            return packet[7] == 1 && isAt(packet, ARP_TARGET, target);
        }
        return frame.etherType() == Frame.IPV6
                && packet.length >= ND_TARGET
                && packet[6] == 58
                && (packet[ND_TYPE] & 0xff) == NEIGHBOR_SOLICITATION
                && isAt(packet, ND_TARGET, target);
    }

    private static boolean isAt(byte[] packet, int offset, byte[] address) {
        return packet.length >= offset + address.length
                && Arrays.equals(
                        packet, offset, offset + address.length, address, 0, address.length);
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.5.0.2", "fd05::2"})
    void shouldAnswerForHostsThatItHasSeen(String address) {
        long before = heard(address);
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    a.control.call("neigh.flush");
                                    find(address);
                                    return heard(address) > before;
                                }))
                .as("what is not known is asked of all")
                .isTrue();
        String mac = b.host.run("cat", "/sys/class/net/" + b.end(LAN).device + "/address");
        assertThat(a.host.run(Daemon.built("ovlctl"), "-i", a.tunnel.name(), "neigh", "show"))
                .containsPattern("(?m)^.*" + address + ".*" + mac);
        long asked = heard(address);
        long answers = answered();
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    find(address);
                                    return answered() > answers;
                                }))
                .as("what is known is answered")
                .isTrue();
        assertThat(heard(address)).as("and goes no further").isEqualTo(asked);
    }

    @Test
    void shouldForgetWhatItIsToldToForget() {
        String address = "10.5.0.3";
        find(address);
        assertThat(
                        Eventually.comesTrue(
                                () ->
                                        ovlctl("neigh", "show").contains(address)
                                                && ovlctl("-j", "neigh", "show")
                                                        .contains("\"" + address + "\"")))
                .isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    long before = heard(address);
                                    ovlctl("neigh", "flush");
                                    find(address);
                                    return heard(address) > before;
                                }))
                .isTrue();
    }

    private String ovlctl(String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = Daemon.built("ovlctl");
        command[1] = "-i";
        command[2] = a.tunnel.name();
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return a.host.run(command);
    }

    /** What announces an address, and what asks for one that nobody has, is for all to hear. */
    @Test
    void shouldPassAnnouncementsAndUnknownTargets() {
        long answers = answered();
        String mac = a.mac(7);
        for (String target : new String[] {"10.5.0.77", "10.5.0.99"}) {
            ByteBuffer arp = ByteBuffer.allocate(46);
            arp.putShort((short) 1).putShort((short) Frame.IPV4).put((byte) 6).put((byte) 4);
            arp.putShort((short) 1).put(Frame.mac(mac)).put(bytes("10.5.0.77"));
            arp.put(new byte[6]).put(bytes(target));
            for (int i = 1; i <= 3; i++) {
                a.end(LAN).send(Frame.of(Frame.BROADCAST, mac, Frame.ARP, arp.array()));
                assertThat(heard(target)).isEqualTo(i);
            }
        }
        assertThat(answered()).isEqualTo(answers);
    }
}
