package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.stats.WorkerCounter;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Host b of a {@link SegmentLab} sends from a million addresses, and the others hardly notice. */
@NetnsTest
@OvlOnly
final class SpoofedMacsIT {
    private static final String LAN = SegmentLab.SEGMENT;
    private static final int ADDRESSES = 1_000_000;
    private static final int WARM_UP = 200_000;

    /** A TAP's queue takes a thousand frames, and drops what comes when it is full. */
    private static final int ROUND = 500;

    private static final int PACE_NS = 200_000;
    private static final int MAX_PACES = 500;
    private static final int LIMIT = 8_192;
    private static final int OTHERS = 100;
    private static final long MAX_GROWTH_KIB = 48 << 10;

    @Test
    void shouldKeepToItsLimits() {
        try (SegmentLab lab = new SegmentLab(3)) {
            Station a = lab.station(0);
            Station b = lab.station(1);
            Station c = lab.station(2);
            a.host.ip("addr add 10.5.0.1/24 dev " + a.end(LAN).device);
            c.host.ip("addr add 10.5.0.3/24 dev " + c.end(LAN).device);
            // What nobody has said again for long shall not age on a slow machine.
            for (Station station : lab.stations) {
                station.control.call("segments.set", "name", LAN, "ageing", 3_600);
            }
            String target = a.mac(1);
            a.end(LAN).send(Frame.marked(Frame.BROADCAST, target, lab.newMark()));
            List<String> others = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                others.add(c.mac(i));
                c.end(LAN).send(Frame.marked(Frame.BROADCAST, c.mac(i), lab.newMark()));
            }
            assertThat(c.host.pings("10.5.0.1")).isTrue();
            assertThat(Eventually.comesTrue(() -> macsBehind(a, "c").containsAll(others))).isTrue();
            assertThat(Eventually.comesTrue(() -> b.control.portOf(LAN, target).equals("a")))
                    .isTrue();

            long start = delivered(a);
            long residentKib = 0;
            int sent = 0;
            ByteBuffer frame = ByteBuffer.wrap(Frame.marked(target, target, 1).bytes());
            try (PacketSocket socket = PacketSocket.open(b.host, b.end(LAN).device)) {
                while (delivered(a) - start < ADDRESSES) {
                    assertThat(sent).as("so many that go on").isLessThan(4 * ADDRESSES);
                    long read = read(b);
                    for (int i = 0; i < ROUND; i++) {
                        // 02:00:77 and three bytes more
                        frame.putInt(8, 0x7700_0000 | sent++);
                        socket.trySend(frame.array());
                    }
                    for (int i = 0; i < MAX_PACES && read(b) - read < ROUND; i++) {
                        LockSupport.parkNanos(PACE_NS);
                    }
                    if (residentKib == 0 && sent >= WARM_UP) {
                        residentKib = residentKib(a);
                        assertThat(c.host.pings("10.5.0.1")).as("others are served").isTrue();
                    }
                }
            }
            assertThat(c.host.pings("10.5.0.1")).isTrue();
            assertThat(residentKib(a) - residentKib).isLessThan(MAX_GROWTH_KIB);
            assertThat(Eventually.comesTrue(() -> isFull(a) && isFull(b))).isTrue();
            assertThat(macsBehind(a, "c")).containsAll(others);
            assertThat(b.control.portOf(LAN, target)).isEqualTo("a");
        }
    }

    private static boolean isFull(Station station) {
        return Long.valueOf(LIMIT).equals(station.control.segment(LAN).get("macs"));
    }

    private static long delivered(Station station) {
        return station.control.count(WorkerCounter.DEVICE_WRITE_PACKETS);
    }

    private static long read(Station station) {
        return station.control.count(WorkerCounter.DEVICE_READ_PACKETS);
    }

    private static List<String> macsBehind(Station station, String peer) {
        return station.control.fdb("segment", LAN, "kind", "peer", "port", peer).stream()
                .map(entry -> String.valueOf(entry.get("mac")))
                .toList();
    }

    private static long residentKib(Station station) {
        return Command.run(
                        "awk",
                        "/^VmRSS/ { print $2 }",
                        "/proc/" + station.host.processIds().getFirst() + "/status")
                .lines()
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
