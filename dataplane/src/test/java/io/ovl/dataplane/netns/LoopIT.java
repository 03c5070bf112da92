package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.DropReason;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Two segments between the same two bridges, which is a loop: the spanning tree breaks it, and where there is none ovl
 * notices.
 *
 * <pre>
 *              +-- left  VNI 31 --+
 *  guest -- br0 a              b br0 -- guest
 *              +-- right VNI 32 --+
 * </pre>
 */
@NetnsTest
@OvlOnly
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LoopIT {
    private static final List<String> SEGMENTS = List.of("left", "right");
    private static final int FLOOD_LIMIT = 200;
    private static final int MOST_AT_A_TIME = 10_000;
    private static final String FORWARDING = "3";
    private static final String BLOCKING = "4";

    private final Lab lab = new Lab();
    private final Side a = new Side(1);
    private final Side b = new Side(2);
    private int lastMark;

    /** A host, its bridge, and a raw socket in a guest's place. */
    private final class Side {
        final int number;
        final Host host;
        final Host guest;
        final Tunnel tunnel;
        final Control control;
        final PacketSocket socket;
        private final List<Frame> inbox = new ArrayList<>();

        Side(int number) {
            this.number = number;
            host = lab.host("host-" + number);
            guest = lab.host("guest-" + number);
            // Nobody says anything by himself.
            for (Host each : List.of(host, guest)) {
                each.run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
            }
            host.ip(
                    "link add br0 type bridge stp_state 1 hello_time 100 forward_delay 200 max_age"
                            + " 600 mcast_snooping 0",
                    "link set br0 up");
            lab.wire(host, "port0", guest, "eth0");
            host.ip("link set port0 master br0");
            tunnel = Tunnel.start(lab, host, Daemon.UNDER_TEST);
            control = new Control(tunnel);
            for (String segment : SEGMENTS) {
                control.call(
                        "segments.add",
                        "name",
                        segment,
                        "vni",
                        31 + SEGMENTS.indexOf(segment),
                        "port",
                        tap(segment),
                        "bridge",
                        "br0",
                        "floodLimit",
                        FLOOD_LIMIT);
            }
            socket = PacketSocket.open(guest, "eth0");
        }

        String tap(String segment) {
            return tunnel.name() + segment.charAt(0);
        }

        void join(Side other, List<String> segments) {
            tunnel.set(
                    "peer",
                    other.tunnel.publicKey(),
                    "endpoint",
                    "192.0.2." + other.number + ":51820");
            control.call("peers.set", "peer", other.tunnel.publicKey(), "segments", segments);
        }

        String state(String segment) {
            return host.run("cat", "/sys/class/net/" + tap(segment) + "/brport/state");
        }

        void send(int mark, int count) {
            for (int i = 0; i < count; i++) {
                socket.send(Frame.marked(Frame.BROADCAST, Frame.station(number, 1), mark));
            }
        }

        int count(int mark) {
            // Where frames go round there may always be another one.
            for (int i = 0; i < MOST_AT_A_TIME; i++) {
                Frame frame = socket.receive();
                if (frame == null) {
                    break;
                }
                inbox.add(frame);
            }
            return (int) inbox.stream().filter(frame -> frame.mark() == mark).count();
        }

        boolean isLooping() {
            return SEGMENTS.stream()
                    .anyMatch(name -> Boolean.TRUE.equals(control.segment(name).get("looping")));
        }

        /** Whether {@code ovlctl} tells of the loop. */
        boolean isSaidToLoop() {
            return host.run(Daemon.built("ovlctl"), "-i", tunnel.name(), "status")
                    .contains("loop: its own frames come back");
        }
    }

    @BeforeAll
    void setUp() {
        lab.wire(a.host, "wire0", b.host, "wire0");
        a.host.ip("addr add 192.0.2.1/24 dev wire0");
        b.host.ip("addr add 192.0.2.2/24 dev wire0");
        a.join(b, SEGMENTS);
        b.join(a, SEGMENTS);
    }

    @AfterAll
    void close() {
        a.socket.close();
        b.socket.close();
        lab.close();
    }

    private List<String> states() {
        return SEGMENTS.stream().flatMap(name -> Stream.of(a.state(name), b.state(name))).toList();
    }

    private boolean hasTree() {
        List<String> states = states();
        return states.stream().filter(FORWARDING::equals).count() == 3 && states.contains(BLOCKING);
    }

    /** Whether frames from one guest reach the other at last. */
    private boolean isConnected() {
        int mark = ++lastMark;
        return Eventually.comesTrue(
                () -> {
                    a.send(mark, 1);
                    return b.count(mark) > 0;
                });
    }

    @Test
    @Order(1)
    void shouldCarryTheSpanningTreeThatBreaksTheLoop() {
        assertThat(Eventually.comesTrue(this::hasTree)).as("%s", states()).isTrue();
        assertThat(isConnected()).isTrue();
        int mark = ++lastMark;
        a.send(mark, 10);
        assertThat(Eventually.comesTrue(() -> b.count(mark) >= 10)).isTrue();
        assertThat(isConnected()).isTrue();
        assertThat(b.count(mark)).isEqualTo(10);
        assertThat(a.count(mark)).isZero();
        assertThat(a.isLooping() || b.isLooping()).isFalse();
    }

    /** The tree goes over the other segment when the first one no longer carries it. */
    @Test
    @Order(2)
    void shouldGoTheOtherWayWhenOneIsGone() {
        String used = "left";
        for (String segment : SEGMENTS) {
            if (a.state(segment).equals(FORWARDING) && b.state(segment).equals(FORWARDING)) {
                used = segment;
            }
        }
        String other = used.equals("left") ? "right" : "left";
        a.join(b, List.of(other));
        b.join(a, List.of(other));
        assertThat(isConnected()).isTrue();
        assertThat(a.state(other)).isEqualTo(FORWARDING);
        assertThat(b.state(other)).isEqualTo(FORWARDING);
    }

    /**
     * No tree, no end: what goes round is noticed, told, and kept to the flood limit; and it passes when the loop is
     * gone.
     */
    @Test
    @Order(3)
    void shouldNoticeALoopThatNobodyBreaks() {
        a.join(b, SEGMENTS);
        b.join(a, SEGMENTS);
        a.host.ip("link set br0 type bridge stp_state 0");
        b.host.ip("link set br0 type bridge stp_state 0");
        assertThat(Eventually.comesTrue(() -> states().stream().allMatch(FORWARDING::equals)))
                .isTrue();
        int mark = ++lastMark;
        long startNs = System.nanoTime();
        boolean isNoticed =
                Eventually.comesTrue(
                        () -> {
                            a.send(mark, 10);
                            b.send(mark, 10);
                            return a.isLooping() || b.isLooping();
                        });
        assertThat(isNoticed).isTrue();
        // A program takes its time, and what goes round may be lost to the limit meanwhile.
        AtomicBoolean isSaid = new AtomicBoolean();
        Thread asks =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        isSaid.set(
                                                Eventually.comesTrue(
                                                        () ->
                                                                a.isSaidToLoop()
                                                                        || b.isSaidToLoop())));
        while (asks.isAlive()) {
            a.send(mark, 10);
            b.send(mark, 10);
            Eventually.pause(50);
        }
        assertThat(isSaid).isTrue();
        for (int i = 0; i < 20; i++) {
            a.send(mark, 10);
            b.send(mark, 10);
            Eventually.pause(50);
        }
        int count = b.count(mark);
        double elapsedSeconds = (System.nanoTime() - startNs) / 1e9;
        int most = (int) (2 * (FLOOD_LIMIT * (elapsedSeconds + 0.1) + 1));
        assertThat(count).isLessThanOrEqualTo(most + 1);
        long limited =
                a.control.drops(DropReason.FLOOD_RATE_LIMITED)
                        + b.control.drops(DropReason.FLOOD_RATE_LIMITED)
                        + a.control.drops(DropReason.FDB_HELD)
                        + b.control.drops(DropReason.FDB_HELD);
        assertThat(limited).isPositive();
        a.host.ip("link set " + a.tap("right") + " down");
        assertThat(Eventually.comesTrue(() -> !a.isLooping() && !b.isLooping())).isTrue();
    }
}
