package io.ovl.crypto.noise;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** Two virtual peers, a wire with delay and loss between them, and the clock of it all: one seed, one run. */
final class VirtualNetwork implements AutoCloseable {
    static final long MS = 1_000_000;
    static final long SECOND = 1_000 * MS;

    private record Event(long atNs, long order, Runnable action) {}

    final VirtualPeer alice;
    final VirtualPeer bob;
    long nowNs = SECOND;
    long delayNs = 10 * MS;
    double loss;

    private final SplittableRandom random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    (a, b) ->
                            a.atNs != b.atNs
                                    ? Long.compare(a.atNs, b.atNs)
                                    : Long.compare(a.order, b.order));
    private long order;

    VirtualNetwork(long seed) {
        random = new SplittableRandom(seed);
        Side sideOfAlice = new Side(random.nextLong());
        Side sideOfBob = new Side(random.nextLong());
        sideOfAlice.meets(sideOfBob);
        sideOfBob.meets(sideOfAlice);
        alice = new VirtualPeer(sideOfAlice, this::carryToBob);
        bob = new VirtualPeer(sideOfBob, this::carryToAlice);
    }

    /** Does {@code action} once the clock says {@code atNs}. */
    void at(long atNs, Runnable action) {
        events.add(new Event(atNs, order++, action));
    }

    void runUntil(long endNs) {
        while (true) {
            Event event = events.peek();
            long timerNs = Math.min(alice.timers.nextDeadlineNs(), bob.timers.nextDeadlineNs());
            long eventNs = event == null ? Long.MAX_VALUE : event.atNs;
            if (Math.min(timerNs, eventNs) > endNs) {
                nowNs = endNs;
                return;
            }
            if (event != null && eventNs <= timerNs) {
                events.poll();
                nowNs = eventNs;
                event.action.run();
            } else {
                nowNs = timerNs;
                alice.expire(nowNs);
                bob.expire(nowNs);
            }
        }
    }

    private void carryToBob(VirtualPeer.Packet packet) {
        carry(packet, true);
    }

    private void carryToAlice(VirtualPeer.Packet packet) {
        carry(packet, false);
    }

    private void carry(VirtualPeer.Packet packet, boolean toBob) {
        if (random.nextDouble() >= loss) {
            at(nowNs + delayNs, () -> (toBob ? bob : alice).receive(packet, nowNs));
        }
    }

    @Override
    public void close() {
        alice.close();
        bob.close();
    }
}
