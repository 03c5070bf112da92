package io.ovl.dataplane.daemon;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.key.RandomSource;
import io.ovl.dataplane.io.Clock;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.EpollLoop;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Carries packets through a tunnel that leads nowhere, so that the packet paths are compiled by the time somebody needs
 * them.
 *
 * <p>The JVM compiles what has run some ten thousand times; until then the first pings are slower, and so are the first
 * seconds of a stream (bench/start.sh shows by how much). The tunnel's code is that of the daemon down to the system
 * calls: only the devices are sockets.
 *
 * <p>Thread: one of its own, which takes a quarter of a processor at the most; the main thread starts and closes it.
 * Ownership: what it opens is closed before it says what came of it, or closed early. Errors: a host that has no
 * loopback address goes without.
 */
final class WarmUp implements AutoCloseable {
    /**
     * More often than a method is called before the JVM's optimizing compiler takes it (Tier4CompileThreshold, 15,000).
     */
    static final int ROUNDS = 20_000;

    /** By then somebody else wants the processors, and compiles what that takes. */
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    /** Whoever carries as many for others warms itself up. */
    private static final long ENOUGH_PACKETS = 20_000;

    /**
     * It works for so long and then makes way for so long. A thread of the lowest priority would make way at any time,
     * but it may hold a lock of the JVM then that those it made way for wait for.
     */
    private static final long WORK_NS = TimeUnit.MICROSECONDS.toNanos(300);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(5);

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

    /**
     * Has yet to be started.
     *
     * @param carriedPackets how many the daemon has carried; asked from the thread that warms up
     */
    WarmUp(
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

    WarmUp start() {
        thread.start();
        return this;
    }

    private void run() {
        log.info(warmUp());
    }

    /** Returns what came of it, and leaves nothing else behind. */
    private String warmUp() {
        long startNs = clock.bootTimeNs();
        try (ResourceStack resources = new ResourceStack(log)) {
            EpollLoop loop = resources.push("warm-up's loop", new EpollLoop());
            loop.takeOwnership();
            WarmUpEnd a = new WarmUpEnd(1, provider, random, clock, loop, resources);
            WarmUpEnd b = new WarmUpEnd(2, provider, random, clock, loop, resources);
            introduce(a, b);
            int done = exchange(a, b, loop);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(clock.bootTimeNs() - startNs);
            return outcome(done) + ", " + done + " rounds in " + tookMs + " ms";
        } catch (DeviceException e) {
            return "not warmed up: " + e.getMessage();
        }
    }

    private String outcome(int done) {
        if (isClosed) {
            return "warm-up broken off";
        }
        if (hasEnough()) {
            return "warm-up left to what the daemon carries";
        }
        return done == 0
                ? "not warmed up: nothing comes back from the loopback address"
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
        EpollIdleStrategy idle =
                new EpollIdleStrategy(loop, () -> MAX_WAIT_NS, DaemonAgents.BUSY_CYCLES, 0);
        Runnable step = () -> idle.idle(a.worker().doWork() + b.worker().doWork());
        WarmUpTraffic packets = new WarmUpTraffic(a.tun(), b.tun(), false, step);
        WarmUpTraffic frames = new WarmUpTraffic(a.tap(), b.tap(), true, step);
        long nowNs = clock.bootTimeNs();
        long endNs = nowNs + LIMIT_NS;
        long pauseNs = nowNs + WORK_NS;
        int done = 0;
        while (!isClosed
                && done < rounds
                && nowNs < endNs
                && !hasEnough()
                && (!kinds.hasTun || packets.exchange())
                && (!kinds.hasTaps || frames.exchange())) {
            loop.wakeup(); // as a handshake does it
            done++;
            nowNs = clock.bootTimeNs();
            if (nowNs >= pauseNs) {
                LockSupport.parkNanos(PAUSE_NS);
                pauseNs = clock.bootTimeNs() + WORK_NS;
            }
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
