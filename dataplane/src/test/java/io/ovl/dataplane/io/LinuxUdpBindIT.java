package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.testing.NetworkNamespace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;

/**
 * Two namespaces, {@code near} (10.5.0.1, fd05::1) and {@code far} (10.5.0.2, fd05::2), joined by a veth of MTU 1500.
 */
class LinuxUdpBindIT {
    private static final int PORT = 4500;

    /** A busy kernel passes packets on a little later. */
    private static final long LIMIT_NS = 10_000_000_000L;

    private static final int SOL_SOCKET = 1;
    private static final int SO_NO_CHECK = 11;
    private static final int SOL_UDP = 17;
    private static final int UDP_GRO = 104;

    private final SendBatch sent = new SendBatch();
    private final ReceiveBatch received = new ReceiveBatch(64);
    private NetworkNamespace near;
    private NetworkNamespace far;
    private LinuxUdpSockets farSockets;
    private LinuxUdpBind receiver;

    @BeforeEach
    void create() {
        near = NetworkNamespace.create();
        far = NetworkNamespace.create();
        near.ip("link add veth type veth peer name veth netns " + far.pid());
        join(near, 1);
        join(far, 2);
        farSockets = open(far, UdpOptions.port(PORT));
        receiver = farSockets.bind(0);
    }

    private static void join(NetworkNamespace namespace, int host) {
        namespace.ip("link set veth up");
        namespace.ip("address add 10.5.0." + host + "/24 dev veth");
        namespace.ip("address add fd05::" + host + "/64 dev veth nodad");
        namespace.ip("address add fe80::" + host + "/64 dev veth nodad");
    }

    @AfterEach
    void remove() {
        farSockets.close();
        near.close();
        far.close();
    }

    @ParameterizedTest
    @CsvSource({"10.5.0.2, true", "10.5.0.2, false", "fd05::2, true", "fd05::2, false"})
    void shouldCarrySuperPacketsOverALink(String to, boolean allowsFragments) {
        near.command("ethtool -K veth tx off");
        try (LinuxUdpSockets sockets = open(near, new UdpOptions(null, 0, 1, 0, allowsFragments))) {
            datagrams(endpoint(to), 40, 1400);

            assertThat(sockets.bind(0).send(sent)).isZero();
            assertThat(receiveBytes(40 * 1400)).isEqualTo(40 * 1400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.5.0.2", "fd05::2"})
    void shouldFragmentSegmentsThatAreLongerThanTheLink(String to) {
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            datagrams(endpoint(to), 5, 3000);

            assertThat(sockets.bind(0).send(sent)).isZero();
            assertThat(receiveBytes(15_000)).isEqualTo(15_000);
            assertThat(sockets.isSegmenting()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.5.0.2", "fd05::2"})
    void shouldRefuseWhatIsTooLongWhenFragmentsAreNotAllowed(String to) {
        try (LinuxUdpSockets sockets = open(near, new UdpOptions(null, 0, 1, 0, false))) {
            Endpoint endpoint = endpoint(to);
            datagrams(endpoint, 1, 3000);
            datagrams(endpoint(to), 1, 100);

            assertThat(sockets.bind(0).send(sent)).isEqualTo(1);
            assertThat(sent.errno(0)).isEqualTo(Errno.EMSGSIZE);
            assertThat(receiveBytes(100)).isEqualTo(100);
        }
    }

    @Test
    void shouldSendDatagramByDatagramWhereTheKernelDoesNotSegment() throws DeviceException {
        UdpSocket socket = near.call(() -> UdpSocket.open(UdpOptions.port(0), 0, true));
        LinuxUdpBind sender = new LinuxUdpBind(socket);
        // A socket that sends no checksums is refused UDP_SEGMENT with EINVAL: that message only.
        assertThat(new LibC().setIntOption(socket.fd(), SOL_SOCKET, SO_NO_CHECK, 1)).isZero();
        datagrams(endpoint("10.5.0.2"), 10, 1000);
        assertThat(sender.send(sent)).isZero();
        assertThat(receiveBytes(10_000)).isEqualTo(10_000);
        assertThat(socket.canSegment()).isTrue();

        socket.forgetSegmenting();
        sent.clear();
        datagrams(endpoint("10.5.0.2"), 9, 1000);
        datagrams(endpoint("fd05::2"), 3, 700);
        assertThat(sender.send(sent)).isZero();
        assertThat(receiveBytes(11_100)).isEqualTo(11_100);
        socket.close();
    }

    @Test
    void shouldReceiveDatagramsApartWithoutGro() throws DeviceException {
        assertThat(new LibC().setIntOption(receiver.fd(), SOL_UDP, UDP_GRO, 0)).isZero();
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            datagrams(endpoint("10.5.0.2"), 5, 1000);
            assertThat(sockets.bind(0).send(sent)).isZero();
            int count = 0;
            for (long startNs = System.nanoTime(); count < 5 && isInTime(startNs); ) {
                receiver.receive(received);
                for (int i = 0; i < received.count(); i++) {
                    assertThat(received.length(i)).isEqualTo(1000);
                }
                count += received.count();
            }
            assertThat(count).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10.7.0.1, 101, ''",
        "10.7.0.1, 113, route add unreachable 10.7.0.0/16",
        "10.7.0.1, 13, route add prohibit 10.7.0.0/16",
        "10.7.0.1, 22, route add blackhole 10.7.0.0/16",
        "fd07::1, 101, ''"
    })
    void shouldReportWhyTheKernelDoesNotSend(String to, int errno, String route) {
        if (!route.isEmpty()) {
            near.ip(route);
        }
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            datagrams(endpoint(to), 1, 100);
            assertThat(sockets.bind(0).send(sent)).isEqualTo(1);
            assertThat(sent.errno(0)).isEqualTo(errno);

            near.ip("route replace " + to + " dev veth");
            assertThat(sockets.bind(0).send(sent)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"10.5.0.2, 10.5.0.9/24", "fd05::2, fd05::9/64"})
    void shouldForgetASourceThatWasRemoved(String to, String address) {
        String source = address.substring(0, address.indexOf('/'));
        near.ip("address add " + address + " dev veth" + (to.contains(":") ? " nodad" : ""));
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            Endpoint endpoint = new Endpoint(endpoint(to).address(), ip(source), 1);
            datagrams(endpoint, 2, 100);
            assertThat(sockets.bind(0).send(sent)).isZero();
            assertThat(receiveBytes(200)).isEqualTo(200);
            assertThat(received.endpoint(0).address().ip()).isEqualTo(ip(source));

            near.ip("address del " + address + " dev veth");
            assertThat(sockets.bind(0).send(sent)).isZero();
            assertThat(sent.isSourceRefused(0)).isTrue();
            assertThat(receiveBytes(200)).isEqualTo(200);
            assertThat(received.endpoint(0).address().ip()).isNotEqualTo(ip(source));
        }
    }

    @Test
    void shouldMarkPacketsFromNowOn() throws DeviceException {
        near.ip("rule add fwmark 7 table 77");
        near.ip("route add prohibit default table 77");
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            datagrams(endpoint("10.5.0.2"), 1, 100);
            assertThat(sockets.bind(0).send(sent)).isZero();
            sockets.fwmark(7);
            assertThat(sockets.bind(0).send(sent)).isEqualTo(1);
            sockets.fwmark(0);
            assertThat(sockets.bind(0).send(sent)).isZero();
        }
        try (LinuxUdpSockets sockets = open(near, new UdpOptions(null, 0, 1, 7, true))) {
            assertThat(sockets.bind(0).send(sent)).isEqualTo(1);
        }
    }

    @Test
    void shouldDropTheRestWhenTheBufferStaysFull() {
        near.command("tc qdisc add dev veth root tbf rate 8kbit burst 10k limit 100mbit");
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            LinuxUdpBind sender = sockets.bind(0);
            int failures = 0;
            for (int i = 0; i < 2000 && failures == 0; i++) {
                sent.clear();
                datagrams(endpoint("10.5.0.2"), 45, 1400);
                datagrams(endpoint("10.5.0.2"), 45, 1400);
                failures = sender.send(sent);
            }
            assertThat(failures).isPositive();
            assertThat(sent.errno(1)).isEqualTo(Errno.EAGAIN);
        }
    }

    @Test
    void shouldDoWithoutIpv6() {
        near.command("sysctl -q net.ipv6.conf.all.disable_ipv6=1");
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            datagrams(endpoint("fd05::2"), 1, 100);
            datagrams(endpoint("10.5.0.2"), 1, 100);
            assertThat(sockets.bind(0).send(sent)).isEqualTo(1);
            assertThat(sent.errno(0)).isPositive();
            assertThat(receiveBytes(100)).isEqualTo(100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldUseLinkLocalAddressesByTheirInterface(boolean hasSource) {
        IpAddress from = ip("fe80::1");
        int nearIndex = near.call(() -> new LibC().interfaceIndex("veth"));
        try (LinuxUdpSockets sockets = open(near, UdpOptions.port(0))) {
            UdpAddress to = new UdpAddress(ip("fe80::2"), PORT, nearIndex);
            sent.commit(new Endpoint(to, hasSource ? from : null, nearIndex), 0, 100);
            assertThat(sockets.bind(0).send(sent)).isZero();
            assertThat(sent.isSourceRefused(0)).isFalse();
            assertThat(receiveBytes(100)).isEqualTo(100);

            Endpoint back = received.endpoint(0);
            assertThat(back.address().scopeId()).isPositive();
            sent.clear();
            sent.commit(back, 0, 50);
            assertThat(receiver.send(sent)).isZero();
            int count = 0;
            for (long startNs = System.nanoTime(); count == 0 && isInTime(startNs); ) {
                count = sockets.bind(0).receive(received);
            }
            assertThat(count).isEqualTo(1);
        }
    }

    private static LinuxUdpSockets open(NetworkNamespace namespace, UdpOptions options) {
        return namespace.call(() -> LinuxUdpSockets.open(options));
    }

    private static Endpoint endpoint(String address) {
        return Endpoint.of(new UdpAddress(ip(address), PORT, 0));
    }

    private void datagrams(Endpoint to, int count, int length) {
        for (int i = 0; i < count; i++) {
            sent.commit(to, 0, length);
        }
    }

    private static boolean isInTime(long startNs) {
        return System.nanoTime() - startNs < LIMIT_NS;
    }

    /** Receives until that many bytes have come, or no more do. */
    private int receiveBytes(int wanted) {
        int bytes = 0;
        for (long startNs = System.nanoTime(); bytes < wanted && isInTime(startNs); ) {
            receiver.receive(received);
            for (int i = 0; i < received.count(); i++) {
                bytes += received.length(i);
            }
        }
        return bytes;
    }

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
