package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.Port;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.path.PeerTarget;
import io.ovl.dataplane.path.VtepTarget;
import io.ovl.dataplane.testing.SimulatedFrame;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * One segment on several hosts, and the machines in it: each is behind one host's TAP, until it moves. Remembers every
 * frame that was sent and checks every one that arrives.
 */
final class Lan {
    /** A machine; two with one address in two VLANs are two. */
    record Machine(long mac, int vlan) {}

    private record Sent(SimulatedFrame frame, SimulatedHost from) {}

    final int vni;
    final List<SimulatedHost> hosts;
    private final String name;
    private final Map<Machine, SimulatedHost> places = new LinkedHashMap<>();
    private final Map<Long, Sent> sent = new HashMap<>();
    private final Map<SimulatedHost, Map<Long, Integer>> delivered = new LinkedHashMap<>();
    private final Map<SimulatedHost, Long> copies = new HashMap<>();
    private long nextId;

    Lan(int vni, List<SimulatedHost> hosts) {
        this.vni = vni;
        this.hosts = List.copyOf(hosts);
        name = "lan" + vni;
        nextId = (long) vni << 32;
    }

    String tap() {
        return name;
    }

    /** In sessions, between hosts that are peers of each other already; some pairs use standard VXLAN inside. */
    Lan sealed(BiPredicate<SimulatedHost, SimulatedHost> isStandard) {
        for (SimulatedHost host : hosts) {
            sealOn(host, isStandard);
        }
        return this;
    }

    /** On one host, whatever the others have. */
    void sealOn(SimulatedHost host) {
        sealOn(host, (_, _) -> false);
    }

    private void sealOn(SimulatedHost host, BiPredicate<SimulatedHost, SimulatedHost> isStandard) {
        List<PeerSegments> peers = new ArrayList<>();
        for (SimulatedHost peer : others(host)) {
            List<String> before = host.segments().membership(peer.publicKey()).segments();
            peers.add(
                    new PeerSegments(
                            peer.publicKey(),
                            Stream.concat(before.stream(), Stream.of(name)).toList(),
                            isStandard.test(host, peer) ? peer.overlay() : null));
        }
        IpPrefix address = Objects.requireNonNull(IpPrefix.parse(host.overlay() + "/24"));
        host.apply(
                new SegmentUpdate(
                        false,
                        List.of(section(Encap.WIREGUARD, List.of(), false)),
                        List.of(),
                        peers,
                        List.of(address)));
    }

    Lan sealed() {
        return sealed((_, _) -> false);
    }

    /** In the clear, each host with all others for remotes. */
    Lan clear() {
        for (SimulatedHost host : hosts) {
            putClear(host, others(host), false);
        }
        return this;
    }

    /** In the clear on one host. */
    void putClear(SimulatedHost host, List<SimulatedHost> remotes, boolean isOpen) {
        List<UdpAddress> addresses = remotes.stream().map(Lan::vtep).toList();
        host.apply(SegmentUpdate.put(section(Encap.VXLAN, addresses, isOpen)));
    }

    static UdpAddress vtep(SimulatedHost host) {
        return new UdpAddress(host.underlay(), VxlanFlyweight.PORT, 0);
    }

    private SegmentSection section(Encap encap, List<UdpAddress> remotes, boolean isOpen) {
        return new SegmentSection(
                name,
                vni,
                new SegmentPort(new InterfaceName(name), null),
                encap,
                null,
                remotes,
                300,
                8192,
                0,
                isOpen,
                false,
                false,
                true,
                null,
                false);
    }

    private List<SimulatedHost> others(SimulatedHost host) {
        return hosts.stream().filter(other -> other != host).toList();
    }

    /** Puts a machine behind a host's TAP, wherever it was before; it says nothing yet. */
    void place(Machine machine, SimulatedHost host) {
        places.put(machine, host);
    }

    SimulatedHost place(Machine machine) {
        return Objects.requireNonNull(places.get(machine), "it was placed");
    }

    List<Machine> machines() {
        return List.copyOf(places.keySet());
    }

    /** The machine sends a broadcast. */
    long announce(Machine machine) {
        return send(machine, SimulatedFrame.BROADCAST);
    }

    /** The machine sends a frame from where it is. Returns its number. */
    long send(Machine source, long destination) {
        SimulatedHost host = place(source);
        long id = nextId++;
        int length = SimulatedFrame.MIN_LENGTH + (int) (id % 1200);
        SimulatedFrame frame =
                new SimulatedFrame(destination, source.mac(), source.vlan(), vni, id, length);
        sent.put(id, new Sent(frame, host));
        copies.merge(host, (long) copiesOf(host, destination, source.vlan()), Long::sum);
        host.sendFrame(name, (int) (id % host.workerCount()), frame);
        return id;
    }

    /** How many datagrams or drops the frame will become. */
    private int copiesOf(SimulatedHost host, long destination, int vlan) {
        Segment segment = segment(host);
        int portId =
                EthernetFlyweight.isMulticast(destination)
                        ? Port.NONE
                        : host.switchTables().fdb().lookup(segment, destination, vlan);
        if (portId != Port.NONE) {
            return 1;
        }
        return Math.max(
                1, segment.floodList().targetCount(Objects.requireNonNull(segment.tap(), "tap")));
    }

    private Segment segment(SimulatedHost host) {
        return Objects.requireNonNull(host.switchTables().segments().segment(vni), name);
    }

    /** What a host was given to send so far, copies counted. */
    long copiesFrom(SimulatedHost host) {
        return copies.getOrDefault(host, 0L);
    }

    /** Takes what has arrived: what was sent here, elsewhere, unaltered, and once. */
    void collect() {
        for (SimulatedHost host : hosts) {
            Map<Long, Integer> ids = delivered.computeIfAbsent(host, _ -> new HashMap<>());
            for (SimulatedFrame frame : host.takeFrames(name)) {
                Sent known = sent.get(frame.id());
                assertThat(known).as("%s at %s", frame, host.underlay()).isNotNull();
                assertThat(frame).isEqualTo(Objects.requireNonNull(known).frame());
                assertThat(known.from()).as("where %s came from", frame).isNotSameAs(host);
                assertThat(ids.merge(frame.id(), 1, Integer::sum))
                        .as("times that %s came to %s", frame, host.underlay())
                        .isOne();
            }
        }
    }

    /** The hosts that got a frame, as far as they were collected. */
    List<SimulatedHost> receiversOf(long id) {
        return hosts.stream()
                .filter(host -> delivered.getOrDefault(host, Map.of()).containsKey(id))
                .toList();
    }

    int deliveredCount() {
        return delivered.values().stream().mapToInt(Map::size).sum();
    }

    /** Every host knows for every machine where it is. */
    void checkConverged() {
        for (SimulatedHost host : hosts) {
            places.forEach(
                    (machine, place) ->
                            assertThat(behind(host, machine))
                                    .as("%s, as %s knows it", machine, host.underlay())
                                    .isEqualTo(place.underlay().toString()));
        }
    }

    /** Behind which host a host has a machine. */
    String behind(SimulatedHost host, Machine machine) {
        Segment segment = segment(host);
        int portId = host.switchTables().fdb().lookup(segment, machine.mac(), machine.vlan());
        Port tap = segment.tap();
        if (tap != null && tap.id() == portId) {
            return host.underlay().toString();
        }
        return switch (host.switchTables().targets().target(portId)) {
            case PeerTarget target ->
                    hosts.stream()
                            .filter(other -> other.publicKey().equals(target.peer().publicKey()))
                            .map(other -> other.underlay().toString())
                            .findFirst()
                            .orElse("a peer that is not in the segment");
            case VtepTarget target -> target.endpoint().address().ip().toString();
            case null -> "nothing";
        };
    }
}
