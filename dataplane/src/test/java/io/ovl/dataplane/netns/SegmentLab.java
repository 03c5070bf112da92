package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Stations on one wire, every one a peer of every other, and one segment that all are in. No kernel says anything on
 * its TAPs by itself.
 *
 * <pre>
 *  a 192.0.2.1, 2001:db8::1     b 192.0.2.2, 2001:db8::2   c ...
 *  |                            |                          |
 *  +----------------------------+--------------------------+  hub
 * </pre>
 */
final class SegmentLab implements AutoCloseable {
    static final String SEGMENT = "lan";
    static final int VNI = 10;

    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    final Lab lab = new Lab();
    final List<Station> stations = new ArrayList<>();
    private int lastMark;

    SegmentLab(int count) {
        try {
            Host hub = lab.host("hub");
            hub.ip("link add bridge0 type bridge", "link set bridge0 up");
            List<CompletableFuture<Station>> starts =
                    IntStream.range(0, count).mapToObj(index -> start(hub, index)).toList();
            starts.forEach(start -> stations.add(start.join()));
            for (Station station : stations) {
                station.addSegment(SEGMENT, VNI);
                for (Station other : stations) {
                    if (other != station) {
                        station.tunnel.set(
                                "peer",
                                other.tunnel.publicKey(),
                                "endpoint",
                                "192.0.2." + other.number + ":51820");
                        station.peer(other, List.of(SEGMENT));
                    }
                }
            }
            stations.forEach(this::fence);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private CompletableFuture<Station> start(Host hub, int index) {
        int number = index + 1;
        String name = NAMES.get(index);
        Host host = lab.host(name);
        host.run("sysctl", "-q", "-w", "net.ipv6.conf.default.disable_ipv6=1");
        lab.wire(host, "wire0", hub, "port" + number);
        hub.ip("link set port" + number + " master bridge0");
        host.run("sysctl", "-q", "-w", "net.ipv6.conf.wire0.disable_ipv6=0");
        host.ip(
                "addr add 192.0.2." + number + "/24 dev wire0",
                "addr add 2001:db8::" + number + "/64 dev wire0 nodad");
        return CompletableFuture.supplyAsync(
                () -> new Station(name, number, host, Tunnel.start(lab, host, Daemon.UNDER_TEST)));
    }

    Station station(int index) {
        return stations.get(index);
    }

    /** A mark that no frame has had before. */
    int newMark() {
        return ++lastMark;
    }

    /**
     * Waits until everybody has received all that a station has sent so far: a frame more, which stays behind the
     * others on its whole way. Its source is an address that is used for nothing else.
     */
    void fence(Station sender) {
        int mark = newMark();
        sender.end(SEGMENT).send(Frame.marked(Frame.BROADCAST, sender.mac(0xffff), mark));
        for (Station station : stations) {
            if (station != sender) {
                assertThat(station.end(SEGMENT).receives(frame -> frame.mark() == mark))
                        .as("%s hears %s", station.name, sender.name)
                        .isTrue();
            }
        }
    }

    /** Sends frames, and returns how many of them each of the others received, in order. */
    List<Integer> arrivals(Station sender, Frame frame, int count) {
        sender.end(SEGMENT).send(frame, count);
        fence(sender);
        return counts(sender, frame.mark());
    }

    /** How many frames with that mark each of the others has received, in order. */
    List<Integer> counts(Station sender, int mark) {
        return stations.stream()
                .filter(station -> station != sender)
                .map(station -> station.end(SEGMENT).count(mark))
                .toList();
    }

    @Override
    public void close() {
        stations.forEach(Station::close);
        lab.close();
    }
}
