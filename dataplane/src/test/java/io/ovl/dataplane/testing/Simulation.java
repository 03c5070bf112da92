package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.RandomSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Hosts on one thread, one network and one clock. Everything there is to do at a time is done, then time jumps to when
 * there is something again: a datagram that arrives, a timer, or what the test has planned.
 *
 * <p>Thread: the test's. Units: boot time in nanoseconds. One seed gives one run, to the byte.
 */
public final class Simulation implements AutoCloseable {
    public static final long MILLISECOND = 1_000_000L;
    public static final long SECOND = 1_000 * MILLISECOND;
    public static final long MINUTE = 60 * SECOND;
    public static final long HOUR = 60 * MINUTE;

    /** As after some days of uptime: zero would hide what compares with "never". */
    private static final long START_NS = 1_000_000 * SECOND + 123_456_789;

    private static final int MAX_ROUNDS = 1_000_000;

    private record Action(long atNs, long sequence, Runnable body) implements Comparable<Action> {
        @Override
        public int compareTo(Action other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final ManualClock clock = new ManualClock(START_NS);
    private final EventLog log = new EventLog(false);
    private final RandomSource random;
    private final InMemoryNetwork network;
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<SimulatedDatagram> wire = new ArrayList<>();
    private final Set<SimulatedHost> suspended = new HashSet<>();
    private final PriorityQueue<Action> actions = new PriorityQueue<>();
    private long sequence;

    public Simulation(long seed) {
        random = new SeededRandomSource(seed);
        network = new InMemoryNetwork(clock, seed, log);
        network.tap(
                (sentNs, source, destination, payload) ->
                        wire.add(new SimulatedDatagram(sentNs, source, destination, payload)));
    }

    /** Adds a host with one worker. */
    public SimulatedHost addHost(String underlay, String overlay) {
        return addHost(underlay, overlay, 1);
    }

    public SimulatedHost addHost(String underlay, String overlay, int workerCount) {
        SimulatedHost host =
                new SimulatedHost(this, network, ip(underlay), ip(overlay), workerCount);
        hosts.add(host);
        return host;
    }

    public static IpAddress ip(String text) {
        return Objects.requireNonNull(IpAddress.parse(text));
    }

    /** Each of the two knows the other and where it is. */
    public static void connect(SimulatedHost one, SimulatedHost other) {
        one.apply(SimulatedPeer.of(other));
        other.apply(SimulatedPeer.of(one));
    }

    /** Does all that there is to do now. */
    public void settle() {
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int work = 0;
            for (SimulatedHost host : hosts) {
                work += suspended.contains(host) ? 0 : host.doWork();
            }
            if (work == 0 && network.nextArrivalNs() > clock.bootTimeNs()) {
                return;
            }
        }
        throw new AssertionError("the hosts never come to rest");
    }

    /** Lets time pass. */
    public void run(long durationNs) {
        runUntil(clock.bootTimeNs() + durationNs);
    }

    /** Lets time pass up to a moment. */
    public void runUntil(long endNs) {
        settle();
        int standing = 0;
        for (long nextNs = nextNs(); nextNs <= endNs; nextNs = nextNs()) {
            standing = nextNs <= clock.bootTimeNs() ? standing + 1 : 0;
            if (standing > MAX_ROUNDS) {
                throw new AssertionError("time stands still");
            }
            clock.advanceTo(nextNs);
            while (!actions.isEmpty() && actions.element().atNs() <= clock.bootTimeNs()) {
                actions.remove().body().run();
            }
            settle();
        }
        clock.advanceTo(endNs);
        settle();
    }

    private long nextNs() {
        long nextNs = network.nextArrivalNs();
        if (!actions.isEmpty()) {
            nextNs = Math.min(nextNs, actions.element().atNs());
        }
        for (SimulatedHost host : hosts) {
            if (!suspended.contains(host)) {
                nextNs = Math.min(nextNs, host.nextDeadlineNs());
            }
        }
        return nextNs;
    }

    /** Does something after a while. */
    public void after(long delayNs, Runnable body) {
        actions.add(new Action(clock.bootTimeNs() + delayNs, sequence++, body));
    }

    /** Does something {@code count} times, first after one interval. */
    public void every(long intervalNs, int count, Runnable body) {
        if (count > 0) {
            after(
                    intervalNs,
                    () -> {
                        every(intervalNs, count - 1, body);
                        body.run();
                    });
        }
    }

    /** The host does nothing from now on. */
    public void suspend(SimulatedHost host) {
        suspended.add(host);
    }

    /** The host goes on where it stopped. */
    public void resume(SimulatedHost host) {
        suspended.remove(host);
    }

    /** Someone sends a datagram from an address that need not be theirs. */
    public void inject(UdpAddress source, UdpAddress destination, byte[] payload) {
        network.send(source, destination, 0, payload.clone());
    }

    /** Hands over the datagrams sent since the last call. */
    public List<SimulatedDatagram> takeWire() {
        List<SimulatedDatagram> taken = List.copyOf(wire);
        wire.clear();
        return taken;
    }

    /** Keeps no copies of datagrams from now on, for long runs. */
    public void stopRecordingWire() {
        network.tap((sentNs, source, destination, payload) -> {});
        wire.clear();
    }

    public long nowNs() {
        return clock.bootTimeNs();
    }

    public ManualClock clock() {
        return clock;
    }

    public EventLog log() {
        return log;
    }

    public RandomSource random() {
        return random;
    }

    public InMemoryNetwork network() {
        return network;
    }

    @Override
    public void close() {
        hosts.forEach(SimulatedHost::close);
    }
}
