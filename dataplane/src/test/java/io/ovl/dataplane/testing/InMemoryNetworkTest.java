package io.ovl.dataplane.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.ReceiveBatch;
import io.ovl.dataplane.io.SendBatch;

import org.junit.jupiter.api.Test;

import java.util.Objects;

class InMemoryNetworkTest {
    private static final IpAddress LEFT = ip("192.0.2.1");
    private static final IpAddress RIGHT = ip("198.51.100.2");
    private static final IpAddress OUTSIDE = ip("203.0.113.9");
    private static final int PORT = 51820;
    private static final long ONE_MS = 1_000_000;

    private final ManualClock clock = new ManualClock(1000);
    private final EventLog log = new EventLog(true);
    private final InMemoryNetwork network = new InMemoryNetwork(clock, 7, log);
    private final InMemoryUdpBind left = network.bind(PORT, LEFT);
    private final InMemoryUdpBind right = network.bind(PORT, RIGHT);
    private final SendBatch sent = new SendBatch();
    private final ReceiveBatch received = new ReceiveBatch(16);

    @Test
    void shouldJoinDatagramsOfEqualLengthAndCloseWithAShorterOne() {
        send(left, RIGHT, PORT, 100, 100, 60, 100);

        assertThat(right.receive(received)).isEqualTo(2);

        assertThat(received.length(0)).isEqualTo(260);
        assertThat(received.segmentLength(0)).isEqualTo(100);
        assertThat(received.length(1)).isEqualTo(100);
        assertThat(received.endpoint(0))
                .isEqualTo(new Endpoint(new UdpAddress(LEFT, PORT, 0), RIGHT, 1));
    }

    @Test
    void shouldKeepDatagramsApartWhenToldTo() {
        right.joins(false);
        send(left, RIGHT, PORT, 100, 100);

        assertThat(right.receive(received)).isEqualTo(2);
    }

    @Test
    void shouldDeliverWhenTheClockHasReachedTheDelay() {
        network.faults(NetworkFaults.NONE.withDelay(5 * ONE_MS, 0));
        send(left, RIGHT, PORT, 100);

        assertThat(right.receive(received)).isZero();
        assertThat(network.nextArrivalNs()).isEqualTo(1000 + 5 * ONE_MS);
        clock.advanceTo(network.nextArrivalNs());
        assertThat(right.receive(received)).isEqualTo(1);
    }

    @Test
    void shouldLoseDuplicateCorruptAndReorderAboutAsOftenAsAsked() {
        network.faults(new NetworkFaults(0.1, 0.2, 0.3, ONE_MS, 10 * ONE_MS));
        right.joins(false);
        int reordered = 0;
        int arrived = 0;
        int corrupted = 0;
        int last = -1;
        for (int i = 0; i < 1000; i++) {
            sent.buffer().setMemory(sent.reserve(), 4, (byte) 0);
            sent.buffer().putByte(sent.reserve(), (byte) i);
            sent.commit(Endpoint.of(new UdpAddress(RIGHT, PORT, 0)), 0, 4);
            left.send(sent);
            sent.clear();
            clock.advance(ONE_MS);
            right.receive(received);
            for (int j = 0; j < received.count(); j++) {
                int first = received.buffer().getByte(received.offset(j)) & 0xff;
                int rest = received.buffer().getInt(received.offset(j)) >>> 8;
                arrived++;
                corrupted += rest != 0 ? 1 : 0;
                reordered += first < last ? 1 : 0;
                last = first;
            }
        }
        assertThat(arrived).isBetween(1000, 1150);
        assertThat(corrupted).isBetween(150, 350);
        assertThat(reordered).isPositive();
    }

    @Test
    void shouldRepeatARunFromItsSeedToTheByte() {
        assertThat(digestOfRun(1)).isEqualTo(digestOfRun(1)).isNotEqualTo(digestOfRun(2));
    }

    @Test
    void shouldCutAndHeal() {
        network.cut(LEFT, RIGHT);
        send(left, RIGHT, PORT, 100);
        send(right, LEFT, PORT, 100);
        assertThat(right.receive(received)).isZero();
        assertThat(left.receive(received)).isZero();

        network.heal();
        send(left, RIGHT, PORT, 100);
        assertThat(right.receive(received)).isEqualTo(1);
    }

    @Test
    void shouldAnswerThroughATranslatorUntilItRebinds() {
        InMemoryNat nat =
                network.nat(LEFT, OUTSIDE, InMemoryNat.Filtering.ADDRESS_AND_PORT_DEPENDENT);
        send(left, RIGHT, PORT, 100);
        right.receive(received);
        Endpoint seen = received.endpoint(0);
        assertThat(seen.address().ip()).isEqualTo(OUTSIDE);

        send(right, OUTSIDE, seen.address().port(), 50);
        assertThat(left.receive(received)).isEqualTo(1);

        nat.rebind();
        send(right, OUTSIDE, seen.address().port(), 50);
        assertThat(left.receive(received)).isZero();
        send(left, RIGHT, PORT, 100);
        right.receive(received);
        assertThat(received.endpoint(0).address()).isNotEqualTo(seen.address());
    }

    @Test
    void shouldForgetAMappingThatNothingWasSentThrough() {
        InMemoryNat nat = network.nat(LEFT, OUTSIDE, InMemoryNat.Filtering.ADDRESS_DEPENDENT);
        nat.timeoutNs(2000 * ONE_MS);
        send(left, RIGHT, PORT, 100);
        right.receive(received);
        int port = received.sourcePort(0);

        clock.advance(1999 * ONE_MS);
        send(right, OUTSIDE, port, 50);
        assertThat(left.receive(received)).isEqualTo(1);
        clock.advance(ONE_MS);
        send(right, OUTSIDE, port, 50);
        assertThat(left.receive(received)).isZero();
    }

    @Test
    void shouldSendFromTheSourceAskedForAndSayWhenItIsGone() {
        InMemoryUdpBind many = network.bind(4000, ip("10.0.0.1"), ip("10.0.0.2"));
        UdpAddress to = new UdpAddress(RIGHT, PORT, 0);
        sent.commit(new Endpoint(to, ip("10.0.0.2"), 1), 0, 10);
        many.send(sent);
        right.receive(received);
        assertThat(received.endpoint(0).address())
                .isEqualTo(new UdpAddress(ip("10.0.0.2"), 4000, 0));

        many.moveTo(4000, ip("10.0.0.1"));
        many.send(sent);
        assertThat(sent.isSourceRefused(0)).isTrue();
        right.receive(received);
        assertThat(received.endpoint(0).address())
                .isEqualTo(new UdpAddress(ip("10.0.0.1"), 4000, 0));
    }

    @Test
    void shouldOpenSocketsOnAHostThatRoams() throws DeviceException {
        InMemoryHost host = new InMemoryHost(network, ip("10.0.0.1"));
        InMemoryUdpSockets sockets = host.open(4000, 0);
        assertThat(host.open(0, 0).port()).isNotZero().isNotEqualTo(4000);
        assertThatThrownBy(() -> host.open(4000, 0)).hasMessageContaining("EADDRINUSE");
        sockets.close();
        assertThat(host.open(4000, 5).fwmark()).isEqualTo(5);

        host.moveTo(ip("10.0.0.2"));
        send(left, ip("10.0.0.2"), 4000, 10);
        assertThat(Objects.requireNonNull(host.latest()).memory().receive(received)).isEqualTo(1);
    }

    @Test
    void shouldFailAsTheKernelDoes() {
        send(left, ip("2001:db8::1"), PORT, 10);
        assertThat(sent.errno(0)).isEqualTo(Errno.ENETUNREACH);

        left.failSends(Errno.EMSGSIZE);
        send(left, RIGHT, PORT, 10);
        assertThat(sent.errno(0)).isEqualTo(Errno.EMSGSIZE);
    }

    private static String digestOfRun(long seed) {
        ManualClock clock = new ManualClock(0);
        EventLog log = new EventLog(false);
        InMemoryNetwork network = new InMemoryNetwork(clock, seed, log);
        network.faults(new NetworkFaults(0.2, 0.2, 0.2, 100, 100));
        InMemoryUdpBind from = network.bind(1, LEFT);
        InMemoryUdpBind to = network.bind(2, RIGHT);
        SendBatch sent = new SendBatch();
        ReceiveBatch received = new ReceiveBatch(4);
        for (int i = 0; i < 200; i++) {
            sent.commit(Endpoint.of(new UdpAddress(RIGHT, 2, 0)), i & 3, 10);
            from.send(sent);
            sent.clear();
            clock.advance(50);
            to.receive(received);
        }
        assertThat(log.lines()).isEmpty();
        return log.digest();
    }

    private void send(InMemoryUdpBind from, IpAddress to, int port, int... lengths) {
        sent.clear();
        Endpoint endpoint = Endpoint.of(new UdpAddress(to, port, 0));
        for (int length : lengths) {
            sent.commit(endpoint, 0, length);
        }
        from.send(sent);
    }

    private static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }
}
