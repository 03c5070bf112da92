package io.ovl.bench.path;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.noise.Keypair;
import io.ovl.dataplane.buffer.LazyMemory;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.SecureRandomSource;
import io.ovl.dataplane.l2.FdbEvents;
import io.ovl.dataplane.l2.LearnHandler;
import io.ovl.dataplane.path.ConductorProxy;
import io.ovl.dataplane.path.Readiness;
import io.ovl.dataplane.path.RoutingTables;
import io.ovl.dataplane.path.SwitchTables;
import io.ovl.dataplane.path.Worker;
import io.ovl.dataplane.peer.Peer;
import io.ovl.dataplane.peer.Session;
import io.ovl.dataplane.stats.WorkerCounters;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

import java.time.Instant;

/**
 * A worker with one peer and a session that never ends, between a device and a socket in memory: 10.0.0.1 or 10.0.0.2.
 *
 * <p>Thread: the benchmark's.
 */
final class TunnelEnd implements AutoCloseable {
    private static final int RING_CAPACITY = 1 << 16;
    private static final int COUNTERS = 256;
    private static final int PORT = 51_820;
    private static final long UNDERLAY = 0xc000_0200L;
    private static final long OVERLAY = 0x0a00_0000L;

    final RepeatingDevice device;
    final QueueBind bind;
    private final Keypair keypair;
    private final Worker worker;

    /**
     * @param number 1 or 2, the other being the peer's
     * @param frame what its device has to read
     */
    TunnelEnd(int number, AeadProvider provider, UnsafeBuffer frame) {
        int other = 3 - number;
        UdpAddress remote = new UdpAddress(ipv4(UNDERLAY + other), PORT, 0);
        device = new RepeatingDevice(frame);
        bind = new QueueBind(remote, ipv4(UNDERLAY + number));
        WorkerCounters counters =
                new WorkerCounters(
                        new CountersManager(
                                LazyMemory.allocate(COUNTERS * CountersReader.METADATA_LENGTH),
                                LazyMemory.allocate(COUNTERS * CountersReader.COUNTER_LENGTH),
                                US_ASCII),
                        0);
        Peer peer = new Peer(0, NoisePublicKey.copyOf(new byte[32], 0), 1);
        peer.endpoint(Endpoint.of(remote));
        keypair = new Keypair(key(number), key(other), number, other, 0, true);
        peer.keypairs().onSessionDerived(keypair, Keypair::close);
        RoutingTables tables = RoutingTables.empty();
        tables.sessions().add(number, new Session(peer, keypair));
        tables.allowedIps().put(new IpPrefix(ipv4(OVERLAY + other), 32), peer);
        tables.allowedIps().publish();
        ManyToOneRingBuffer ring =
                new ManyToOneRingBuffer(
                        LazyMemory.allocate(RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH));
        worker =
                new Worker(
                        0,
                        new StoppedClock(),
                        device,
                        tables,
                        SwitchTables.empty(
                                new SecureRandomSource(), LearnHandler.NONE, FdbEvents.NONE),
                        provider.newAead(),
                        new ConductorProxy(ring, () -> {}, counters),
                        Readiness.NONE,
                        () -> {},
                        counters);
        worker.proxy().rebind(bind, () -> {});
        worker.doWork();
    }

    private static IpAddress ipv4(long address) {
        return new IpAddress(false, 0, address);
    }

    private static AeadKey key(int number) {
        byte[] bytes = new byte[AeadKey.LENGTH];
        bytes[0] = (byte) number;
        return new AeadKey(bytes, 0);
    }

    /** Sends {@code count} frames from the device. */
    void send(int count) {
        device.offer(count);
        while (device.left() > 0) {
            worker.doWork();
        }
    }

    /** Delivers what has arrived. */
    void receive() {
        while (!bind.isEmpty()) {
            worker.doWork();
        }
    }

    @Override
    public void close() {
        worker.onClose();
        keypair.close();
    }

    /** Time does not pass: the session neither expires nor asks for another one. */
    private static final class StoppedClock implements Clock {
        @Override
        public long bootTimeNs() {
            return 1;
        }

        @Override
        public Instant wallTime() {
            return Instant.EPOCH;
        }
    }
}
