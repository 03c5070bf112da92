package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.LocalIdentity;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.WorkerProxy;
import io.ovl.dataplane.stats.ConductorCounters;
import io.ovl.dataplane.testing.ManualClock;
import io.ovl.dataplane.testing.SeededRandomSource;

import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/** What becomes of a lookup when the peer's endpoint is set while it goes on. */
class PendingNameTest {
    private static final int COUNTERS = 64;
    private static final NoisePublicKey KEY = FakeDevice.publicKey(2);
    private static final HostPort HOST = new HostPort("far.example.net", 51_820);
    private static final UdpAddress KNOWN = address("198.51.100.9:4000");

    private final ArrayDeque<Runnable> lookups = new ArrayDeque<>();
    private final DeviceControl device = device();

    @Test
    void shouldUseTheAnswerOfANameThatIsStillWanted() throws UpdateRefusedException {
        apply(endpoint(null, HOST));
        answer();
        assertThat(peer().endpoint()).isEqualTo(address("192.0.2.2:51820"));
    }

    @Test
    void shouldDropTheAnswerWhenTheEndpointWasCleared() throws UpdateRefusedException {
        apply(endpoint(null, HOST));
        apply(endpoint(UdpAddress.NONE, null));
        answer();
        assertThat(peer().endpoint()).isNull();
    }

    @Test
    void shouldDropTheAnswerWhenTheEndpointWasSetToWhatItWasBefore() throws UpdateRefusedException {
        apply(endpoint(KNOWN, null));
        apply(endpoint(null, HOST));
        apply(endpoint(KNOWN, null));
        answer();
        assertThat(peer().endpoint()).isEqualTo(KNOWN);
        assertThat(peer().endpointHost()).isNull();
    }

    @Test
    void shouldDropTheAnswerWhenThePeerWasConfiguredAnewWithoutTheName()
            throws UpdateRefusedException {
        apply(endpoint(null, HOST));
        device.apply(new DeviceUpdate(null, null, null, true, List.of(endpoint(null, null))));
        answer();
        assertThat(peer().endpoint()).isNull();
    }

    private void apply(PeerUpdate update) throws UpdateRefusedException {
        device.apply(new DeviceUpdate(null, null, null, false, List.of(update)));
    }

    private static PeerUpdate endpoint(@Nullable UdpAddress address, @Nullable HostPort host) {
        return new PeerUpdate(KEY, false, false, null, null, address, host, null, false, List.of());
    }

    private PeerState peer() {
        DeviceState state = device.state();
        assertThat(state.peers()).hasSize(1);
        return state.peers().getFirst();
    }

    private void answer() {
        lookups.remove().run();
    }

    private DeviceConfigurator device() {
        SeededRandomSource random = new SeededRandomSource(1);
        NameResolver resolver =
                new NameResolver(
                        Runnable::run,
                        _ -> {},
                        _ -> new byte[] {(byte) 192, 0, 2, 2},
                        new NameResolver.LookupThread() {
                            @Override
                            public void schedule(Runnable lookup, long delayMs) {
                                lookups.add(lookup);
                            }

                            @Override
                            public void close() {}
                        });
        ManualClock clock = new ManualClock(1);
        RoutingTables tables = RoutingTables.empty();
        // The workers only carry packets, and there are none.
        List<WorkerProxy> workers = List.of();
        ConductorCounters counters =
                new ConductorCounters(
                        new CountersManager(
                                LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                                LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                                US_ASCII));
        HandshakeSender sender = new HandshakeSender();
        LocalIndices indices = new LocalIndices(random);
        Sessions sessions = new Sessions(tables.sessions(), indices, workers);
        PeerRegistry peers = new PeerRegistry(1, random);
        HandshakeInitiator initiator =
                new HandshakeInitiator(clock, random, indices, workers, sender, counters);
        HandshakeExchange handshakes =
                new HandshakeExchange(
                        clock,
                        random,
                        peers,
                        indices,
                        sessions,
                        workers,
                        new HandshakeAdmission(random, sender, counters),
                        sender,
                        new LocalIdentity(NoisePrivateKey.copyOf(FakeDevice.PRIVATE_KEY, 0)),
                        counters);
        TimerDriver timers =
                new TimerDriver(peers, handshakes, initiator, sessions, resolver, workers);
        return new DeviceConfigurator(
                clock,
                peers,
                tables.allowedIps(),
                new Underlay((port, _) -> new NoSockets(port), workers, sender, _ -> {}),
                handshakes,
                new PeerConfigurator(
                        peers,
                        tables.allowedIps(),
                        handshakes,
                        initiator,
                        sessions,
                        timers,
                        resolver,
                        workers));
    }

    private static UdpAddress address(String text) {
        return Objects.requireNonNull(UdpAddress.parse(text));
    }
}
