package io.ovl.dataplane.control;

import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.l2.Segment;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.testing.InMemorySegmentEdges;
import io.ovl.dataplane.testing.ManualClock;
import io.ovl.dataplane.testing.SeededRandomSource;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The Ethernet side of a conductor that has no workers: what they are told is done at once. */
final class SegmentLab {
    static final long MAC = 0x0200_0000_0005L;

    final ManualClock clock = new ManualClock(1);
    final SeededRandomSource random = new SeededRandomSource(1);
    final SwitchDriver driver = new SwitchDriver(random);
    final SwitchTables tables = driver.tables();
    final PeerRegistry peers = new PeerRegistry(1, random);
    final InMemorySegmentEdges edges =
            new InMemorySegmentEdges(
                    1,
                    (port, _) -> {
                        if (port == 1) {
                            throw new DeviceException("bind UDP port 1", Errno.EADDRINUSE);
                        }
                        return new NoSockets(port);
                    });
    final SegmentConfigurator segments =
            new SegmentConfigurator(clock, tables, peers, List.of(), edges.edges());

    SegmentLab() {
        driver.events(segments);
        peers.onRemoved(segments::onPeerRemoved);
    }

    PeerControl peer(int key, @Nullable String name) {
        LocalIdentity identity = new LocalIdentity(NoisePrivateKey.copyOf(FakeDevice.key(0x7f), 0));
        PeerControl control = peers.add(FakeDevice.publicKey(key), identity);
        control.name = name;
        return control;
    }

    PeerControl peer(int key, String name, String endpoint) {
        PeerControl control = peer(key, name);
        control.peer.endpoint(Endpoint.of(Objects.requireNonNull(UdpAddress.parse(endpoint))));
        return control;
    }

    Segment segment(int vni) {
        return Objects.requireNonNull(tables.segments().segment(vni));
    }

    /** Lets what waits for the workers happen. */
    void poll() {
        segments.poll(clock.bootTimeNs());
    }

    /** That there be these segments and no others. */
    static SegmentUpdate all(SegmentSection... segments) {
        return new SegmentUpdate(true, List.of(segments), List.of(), List.of(), null);
    }

    static FdbQuery named(String segment) {
        return new FdbQuery(segment, null, null, null, null, null);
    }

    /** The address {@link #MAC} in that segment. */
    static FdbAddress address(String segment) {
        return new FdbAddress(named(segment), MAC, 0);
    }

    static PeerSegments member(PeerControl peer, String... segments) {
        return new PeerSegments(peer.peer.publicKey(), Arrays.asList(segments), null);
    }

    static SegmentSection lan() {
        return sealed("lan", 10, "ovl-lan");
    }

    static SegmentSection sealed(String name, int vni, String device) {
        return section(name, vni, device, null, Encap.WIREGUARD, null);
    }

    static SegmentSection clear(String name, int vni, String device, String... remotes) {
        return section(name, vni, device, null, Encap.VXLAN, null, remotes);
    }

    static SegmentSection section(
            String name,
            int vni,
            String device,
            @Nullable String bridge,
            Encap encap,
            @Nullable Integer mtu,
            String... remotes) {
        return new SegmentSection(
                name,
                vni,
                new SegmentPort(
                        new InterfaceName(device),
                        bridge == null ? null : new InterfaceName(bridge)),
                encap,
                null,
                Arrays.stream(remotes)
                        .map(remote -> Objects.requireNonNull(UdpAddress.parse(remote)))
                        .toList(),
                300,
                100,
                0,
                false,
                false,
                false,
                true,
                mtu,
                false);
    }
}
