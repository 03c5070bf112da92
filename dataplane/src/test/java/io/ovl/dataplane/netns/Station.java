package io.ovl.dataplane.netns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A host of a {@link SegmentLab}: its daemon, and a raw socket at the TAP of a segment, behind which it pretends to be
 * many.
 *
 * <p>Thread: one at a time.
 */
final class Station implements AutoCloseable {
    final String name;
    final int number;
    final Host host;
    final Tunnel tunnel;
    final Control control;

    private final List<TapEnd> ends = new ArrayList<>();

    /** The station's end of one segment. */
    static final class TapEnd {
        final String segment;
        final String device;
        private final PacketSocket socket;
        private final List<Frame> inbox = new ArrayList<>();

        TapEnd(Host host, String segment, String device) {
            this.segment = segment;
            this.device = device;
            socket = PacketSocket.open(host, device);
        }

        void send(Frame frame) {
            socket.send(frame);
        }

        void send(Frame frame, int count) {
            for (int i = 0; i < count; i++) {
                socket.send(frame);
            }
        }

        /** Whether a frame comes, or has come, that fits. */
        boolean receives(Predicate<Frame> predicate) {
            return Eventually.comesTrue(
                    () -> {
                        takeAll();
                        return inbox.stream().anyMatch(predicate);
                    });
        }

        /** How many frames with that mark have come so far. */
        int count(int mark) {
            takeAll();
            return (int) inbox.stream().filter(frame -> frame.mark() == mark).count();
        }

        /** What has come so far. */
        List<Frame> received() {
            takeAll();
            return List.copyOf(inbox);
        }

        private void takeAll() {
            for (Frame frame = socket.receive(); frame != null; frame = socket.receive()) {
                inbox.add(frame);
            }
        }
    }

    Station(String name, int number, Host host, Tunnel tunnel) {
        this.name = name;
        this.number = number;
        this.host = host;
        this.tunnel = tunnel;
        control = new Control(tunnel);
    }

    /** The address of one of those that it pretends to be. */
    String mac(int station) {
        return Frame.station(number, station);
    }

    /** Makes a segment with a TAP of its own. */
    TapEnd addSegment(String segment, int vni, Object... settings) {
        String device = tunnel.name() + "v" + vni;
        List<Object> parameters =
                new ArrayList<>(List.of("name", segment, "vni", vni, "port", device));
        parameters.addAll(List.of(settings));
        control.call("segments.add", parameters.toArray());
        TapEnd end = new TapEnd(host, segment, device);
        ends.add(end);
        return end;
    }

    TapEnd end(String segment) {
        return ends.stream()
                .filter(end -> end.segment.equals(segment))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no segment " + segment));
    }

    /** Makes another station a member of these segments and no others. */
    void peer(Station other, List<String> segments) {
        control.call(
                "peers.set",
                "peer",
                other.tunnel.publicKey(),
                "name",
                other.name,
                "segments",
                segments);
    }

    @Override
    public void close() {
        ends.forEach(end -> end.socket.close());
    }
}
