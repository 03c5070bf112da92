package io.ovl.dataplane.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.testing.Allocation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Objects;

class LinuxUdpBindTest {
    /** A busy kernel passes packets on a little later. */
    private static final long LIMIT_NS = 20_000_000_000L;

    private final SendBatch sent = new SendBatch();
    private final ReceiveBatch received = new ReceiveBatch(16);
    private LinuxUdpSockets left;
    private LinuxUdpSockets right;
    private LinuxUdpBind sender;
    private LinuxUdpBind receiver;

    @BeforeEach
    void open() throws DeviceException {
        left = LinuxUdpSockets.open(UdpOptions.port(0));
        right = LinuxUdpSockets.open(UdpOptions.port(0));
        sender = left.bind(0);
        receiver = right.bind(0);
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldCarryManyDatagramsAsOneMessage(String address) {
        Endpoint to = Endpoint.of(udp(address, right.port()));
        for (int i = 0; i < 20; i++) {
            datagram(to, 0, i, i == 19 ? 700 : 1000);
        }

        assertThat(sender.send(sent)).isZero();
        assertThat(await()).isEqualTo(1);

        assertThat(sent.count()).isEqualTo(1);
        assertThat(received.length(0)).isEqualTo(19_700);
        assertThat(received.segmentLength(0)).isEqualTo(1000);
        for (int i = 0; i < 20; i++) {
            int at = received.offset(0) + i * 1000;
            assertThat(received.buffer().getByte(at)).isEqualTo((byte) i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void shouldCarryTheTrafficClassOfEachMessage(String address) {
        Endpoint to = Endpoint.of(udp(address, right.port()));
        for (int trafficClass : new int[] {0, 0x88, 0xb9, 0xff}) {
            datagram(to, trafficClass, 1, 100);
        }

        assertThat(sender.send(sent)).isZero();
        assertThat(await()).isEqualTo(4);

        assertThat(received.trafficClass(0)).isZero();
        assertThat(received.trafficClass(1)).isEqualTo(0x88);
        assertThat(received.trafficClass(2)).isEqualTo(0xb9);
        assertThat(received.trafficClass(3)).isEqualTo(0xff);
    }

    @Test
    void shouldAnswerFromTheAddressThatWasAsked() {
        datagram(Endpoint.of(udp("127.0.0.9", right.port())), 0, 1, 100);
        sender.send(sent);
        await();
        Endpoint asked = received.endpoint(0);
        assertThat(received.isFrom(asked, 0)).isTrue();
        assertThat(asked.source()).isEqualTo(ip("127.0.0.9"));
        assertThat(asked.address()).isEqualTo(udp("127.0.0.1", left.port()));

        sent.clear();
        datagram(asked, 0, 2, 100);
        receiver.send(sent);
        assertThat(awaitFrom(sender)).isEqualTo(1);

        assertThat(received.endpoint(0).address()).isEqualTo(udp("127.0.0.9", right.port()));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 192.0.2.77", "::1, 2001:db8::77"})
    void shouldSendWithoutASourceThatTheKernelRefuses(String address, String source) {
        Endpoint stale = new Endpoint(udp(address, right.port()), ip(source), 0);
        Endpoint fresh = Endpoint.of(udp(address, right.port()));
        datagram(fresh, 0, 0, 100);
        datagram(stale, 0, 1, 1000);
        datagram(stale, 0, 2, 1000);
        datagram(fresh, 0, 3, 100);

        assertThat(sender.send(sent)).isZero();

        assertThat(sent.isSourceRefused(0)).isFalse();
        assertThat(sent.isSourceRefused(1)).isTrue();
        assertThat(sent.isSourceRefused(2)).isFalse();
        assertThat(await()).isEqualTo(3);
        assertThat(received.length(1)).isEqualTo(2000);
    }

    @Test
    void shouldGoOnBehindAMessageThatFails() {
        Endpoint reachable = Endpoint.of(udp("127.0.0.1", right.port()));
        Endpoint portless = Endpoint.of(udp("127.0.0.1", 0));
        datagram(reachable, 0, 0, 100);
        datagram(portless, 0, 1, 100);
        datagram(reachable, 0, 2, 100);

        assertThat(sender.send(sent)).isEqualTo(1);

        assertThat(sent.errno(0)).isZero();
        assertThat(sent.errno(1)).isEqualTo(Errno.EINVAL);
        assertThat(sent.errno(2)).isZero();
        assertThat(await()).isEqualTo(2);
    }

    @Test
    void shouldNotTellOfAPortThatNobodyListensOn() {
        Endpoint closed = Endpoint.of(udp("127.0.0.1", 9));
        for (int i = 0; i < 3; i++) {
            sent.clear();
            datagram(closed, 0, 0, 100);
            assertThat(sender.send(sent)).isZero();
        }
        assertThat(sender.receive(received)).isZero();
    }

    @Test
    void shouldReceiveAnEmptyDatagram() {
        datagram(Endpoint.of(udp("127.0.0.1", right.port())), 0, 0, 0);

        assertThat(sender.send(sent)).isZero();
        assertThat(await()).isEqualTo(1);

        assertThat(received.length(0)).isZero();
    }

    @Test
    void shouldSendAFullBatchInOrder() {
        Endpoint[] to = new Endpoint[2];
        to[0] = Endpoint.of(udp("127.0.0.1", right.port()));
        to[1] = Endpoint.of(udp("127.0.0.1", right.port()));
        for (int i = 0; i < SendBatch.MAX_MESSAGES; i++) {
            datagram(to[i & 1], 0, i, 3000);
        }
        assertThat(sent.count()).isEqualTo(SendBatch.MAX_MESSAGES);

        assertThat(sender.send(sent)).isZero();

        int next = 0;
        while (next < SendBatch.MAX_MESSAGES) {
            await();
            for (int i = 0; i < received.count(); i++) {
                assertThat(received.buffer().getByte(received.offset(i))).isEqualTo((byte) next++);
            }
        }
    }

    @Test
    void shouldAllocateNothing() {
        Endpoint[] to = new Endpoint[2];
        to[0] = Endpoint.of(udp("127.0.0.1", right.port()));
        to[1] = new Endpoint(udp("::1", right.port()), ip("::1"), 1);
        Endpoint stale = new Endpoint(udp("127.0.0.1", right.port()), ip("192.0.2.77"), 0);

        long bytes =
                Allocation.bytesOf(
                        10_000,
                        () -> {
                            sent.clear();
                            datagram(to[0], 0, 0, 100);
                            datagram(to[0], 0, 0, 100);
                            datagram(to[1], 1, 0, 100);
                            datagram(stale, 1, 0, 100);
                            sender.send(sent);
                            receiver.receive(received);
                            receiver.receive(received);
                        });

        assertThat(bytes).isZero();
    }

    @Test
    void shouldSpreadFlowsOverWorkersAndRefuseStrangers() throws DeviceException {
        try (LinuxUdpSockets shared = LinuxUdpSockets.open(new UdpOptions(null, 0, 2, 0, true))) {
            int[] counts = new int[2];
            for (int i = 0; i < 64; i++) {
                try (LinuxUdpSockets client = LinuxUdpSockets.open(UdpOptions.port(0))) {
                    sent.clear();
                    datagram(Endpoint.of(udp("127.0.0.1", shared.port())), 0, 0, 10);
                    assertThat(client.bind(0).send(sent)).isZero();
                }
            }
            for (int worker = 0; worker < 2; worker++) {
                LinuxUdpBind bind = shared.bind(worker);
                while (bind.receive(received) > 0) {
                    counts[worker] += received.count();
                }
            }
            assertThat(counts[0] + counts[1]).isEqualTo(64);
            assertThat(counts[0]).isBetween(8, 56);
            assertThat(refusal(new UdpOptions(null, shared.port(), 1, 0, true)))
                    .isEqualTo(Errno.EADDRINUSE);
            assertThat(refusal(new UdpOptions(null, shared.port(), 2, 0, true)))
                    .isEqualTo(Errno.EADDRINUSE);
        }
    }

    @Test
    void shouldReportWhatTheKernelGranted() {
        assertThat(left.isSegmenting()).isTrue();
        assertThat(left.isGro()).isTrue();
        assertThat(left.receiveBufferLength()).isPositive();
    }

    private static int refusal(UdpOptions options) {
        try {
            LinuxUdpSockets.open(options).close();
            return 0;
        } catch (DeviceException e) {
            return e.errno();
        }
    }

    private void datagram(Endpoint to, int trafficClass, int firstByte, int length) {
        if (length > 0) {
            sent.buffer().putByte(sent.reserve(), (byte) firstByte);
        }
        sent.commit(to, trafficClass, length);
    }

    private int await() {
        return awaitFrom(receiver);
    }

    private int awaitFrom(LinuxUdpBind bind) {
        for (long startNs = System.nanoTime(); System.nanoTime() - startNs < LIMIT_NS; ) {
            int count = bind.receive(received);
            if (count != 0) {
                return count;
            }
        }
        return 0;
    }

    private static UdpAddress udp(String address, int port) {
        return new UdpAddress(ip(address), port, 0);
    }

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
