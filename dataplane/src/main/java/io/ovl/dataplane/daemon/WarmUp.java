package io.ovl.dataplane.daemon;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.EpollLoop;
import io.ovl.dataplane.io.ThreadPolicy;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Carries packets through a tunnel that leads nowhere, so that the packet paths are compiled by the time somebody needs them.
 *
 * <p>The JVM compiles what has run some ten thousand times. Without this, that is ten seconds into the first thousand pings a second, and
 * the first gigabytes of a stream pass slower than the rest. The tunnel's code is that of the daemon down to the system calls: only the
 * devices are sockets.
 *
 * <p>Thread: one of its own, which runs where no other wants to; the main thread starts and closes it. Ownership: what it opens is closed when it is
 * done, or is closed early. Errors: a host that has no loopback address goes without.
 */
final class WarmUp implements AutoCloseable {
    /** After these, a minute of traffic of any kind compiles little more. */
    static final int ROUNDS = 20_000;

    /** By then somebody else wants the processors, and compiles what that takes. */
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Whoever carries as many for others warms itself up. */
    private static final long ENOUGH_PACKETS = 20_000;

    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int BUSY_CYCLES = 64;

    private final AeadProvider provider;
    private final RandomSource random;
    private final Clock clock;
    private final DaemonLog log;
    private final LongSupplier carriedPackets;
    private final Kinds kinds;
    private final int rounds;
    private final Thread thread = new Thread(this::run, "ovl-warm-up");
    private volatile boolean isClosed;

    /** What the daemon carries: IP packets from a TUN, Ethernet frames from TAPs. */
    record Kinds(boolean hasTun, boolean hasTaps) {}

    private WarmUp(
            AeadProvider provider,
            RandomSource random,
            Clock clock,
            DaemonLog log,
            LongSupplier carriedPackets,
            Kinds kinds,
            int rounds) {
        this.provider = provider;
        this.random = random;
        this.clock = clock;
        this.log = log;
        this.carriedPackets = carriedPackets;
        this.kinds = kinds;
        this.rounds = rounds;
    }

    /**
     * Starts.
     *
     * @param carriedPackets how many the daemon has carried; asked from the thread that warms up
     */
    static WarmUp start(
            AeadProvider provider,
            RandomSource random,
            Clock clock,
            DaemonLog log,
            LongSupplier carriedPackets,
            Kinds kinds,
            int rounds) {
        WarmUp started = new WarmUp(provider, random, clock, log, carriedPackets, kinds, rounds);
        started.thread.start();
        return started;
    }

    private void run() {
        ThreadPolicy.idle();
        long startNs = clock.bootTimeNs();
        EpollLoop loop = new EpollLoop();
        loop.takeOwnership();
        try (WarmUpEnd a = new WarmUpEnd(1, provider, random, clock, loop);
                WarmUpEnd b = new WarmUpEnd(2, provider, random, clock, loop)) {
            introduce(a, b);
            int done = exchange(a, b, loop);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(clock.bootTimeNs() - startNs);
            log.info(outcome(done) + ": " + done + " rounds in " + tookMs + " ms");
        } catch (DeviceException e) {
            log.info("not warmed up: " + e.getMessage());
        } finally {
            loop.close();
        }
    }

    private String outcome(int done) {
        if (hasEnough()) {
            return "warm-up left to what the daemon carries";
        }
        return done == 0
                ? "not warmed up, nothing comes back from the loopback address"
                : "warmed up";
    }

    private boolean hasEnough() {
        return carriedPackets.getAsLong() >= ENOUGH_PACKETS;
    }

    /** Gives both the same two keys, which nobody else ever knows. */
    private void introduce(WarmUpEnd a, WarmUpEnd b) {
        byte[] keys = new byte[2 * AeadKey.LENGTH];
        random.nextBytes(keys);
        a.meet(b, keys, clock.bootTimeNs());
        b.meet(a, keys, clock.bootTimeNs());
        Arrays.fill(keys, (byte) 0);
    }

    private int exchange(WarmUpEnd a, WarmUpEnd b, EpollLoop loop) {
        EpollIdleStrategy idle = new EpollIdleStrategy(loop, () -> MAX_WAIT_NS, BUSY_CYCLES, 0);
        Runnable step = () -> idle.idle(a.worker().doWork() + b.worker().doWork());
        WarmUpTraffic packets = new WarmUpTraffic(a.tun(), b.tun(), false, step);
        WarmUpTraffic frames = new WarmUpTraffic(a.tap(), b.tap(), true, step);
        long endNs = clock.bootTimeNs() + LIMIT_NS;
        int done = 0;
        while (!isClosed
                && done < rounds
                && clock.bootTimeNs() < endNs
                && !hasEnough()
                && (!kinds.hasTun || packets.exchange())
                && (!kinds.hasTaps || frames.exchange())) {
            loop.wakeup(); // as a handshake does it
            done++;
        }
        return done;
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
