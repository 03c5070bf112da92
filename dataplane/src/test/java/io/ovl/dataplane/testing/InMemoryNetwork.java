package io.ovl.dataplane.testing;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * An underlay in memory, with faults, partitions and address translators: the same seed and the same sends give the
 * same deliveries to the byte.
 *
 * <p>Nothing moves by itself: datagrams arrive when a bind receives, once the clock has reached their time. A
 * simulation advances the clock to {@link #nextArrivalNs} or its next timer, whichever is first.
 *
 * <p>Thread: the simulation's.
 */
public final class InMemoryNetwork {
    private record Link(IpAddress from, IpAddress to) {}

    private final ManualClock clock;
    private final SplittableRandom random;
    private final EventLog log;
    private final PriorityQueue<Datagram> underWay = new PriorityQueue<>();
    private final List<InMemoryUdpBind> binds = new ArrayList<>();
    private final List<InMemoryNat> nats = new ArrayList<>();
    private final Set<Link> cuts = new HashSet<>();
    private NetworkFaults faults = NetworkFaults.NONE;
    private WireTap tap = (sentNs, source, destination, payload) -> {};
    private long sequence;

    public InMemoryNetwork(ManualClock clock, long seed, EventLog log) {
        this.clock = clock;
        this.log = log;
        random = new SplittableRandom(seed);
    }

    /** Applies to datagrams sent from now on. */
    public void faults(NetworkFaults value) {
        faults = value;
    }

    /** Shows every datagram when it is sent, whatever becomes of it. */
    public void tap(WireTap value) {
        tap = value;
    }

    /** Opens a socket on a host with these addresses; port 0 is no choice here. */
    public InMemoryUdpBind bind(int port, IpAddress... addresses) {
        InMemoryUdpBind bind = new InMemoryUdpBind(this, port, addresses);
        binds.add(bind);
        return bind;
    }

    boolean isOpen(int port, IpAddress... addresses) {
        for (IpAddress address : addresses) {
            UdpAddress local = new UdpAddress(address, port, 0);
            if (binds.stream().anyMatch(bind -> bind.listensOn(local))) {
                return true;
            }
        }
        return false;
    }

    void remove(InMemoryUdpBind bind) {
        binds.remove(bind);
    }

    /** Puts a translator in front of the host with the inner address. */
    public InMemoryNat nat(IpAddress inside, IpAddress outside, InMemoryNat.Filtering filtering) {
        InMemoryNat nat = new InMemoryNat(clock, inside, outside, filtering);
        nats.add(nat);
        return nat;
    }

    /** Nothing passes between the two any more, in either direction; what is under way is lost too. */
    public void cut(IpAddress one, IpAddress other) {
        cuts.add(new Link(one, other));
        cuts.add(new Link(other, one));
    }

    /** Undoes every {@link #cut}. */
    public void heal() {
        cuts.clear();
    }

    /** When the next datagram arrives, {@code Long.MAX_VALUE} when none is under way. */
    public long nextArrivalNs() {
        Datagram next = underWay.peek();
        return next == null ? Long.MAX_VALUE : next.arrivalNs();
    }

    void send(UdpAddress source, UdpAddress destination, int trafficClass, byte[] payload) {
        Datagram sent =
                new Datagram(
                        clock.bootTimeNs(), sequence++, source, destination, trafficClass, payload);
        log.record(clock.bootTimeNs(), "send " + sent, payload);
        tap.onSent(clock.bootTimeNs(), source, destination, payload);
        // Every datagram draws the same number of times, so that one fault does not shift the
        // others.
        boolean isLost = random.nextDouble() < faults.loss();
        boolean isDuplicated = random.nextDouble() < faults.duplication();
        boolean isCorrupted = random.nextDouble() < faults.corruption();
        long bit = random.nextLong(Math.max(1, 8L * payload.length));
        long firstJitterNs = random.nextLong(faults.jitterNs() + 1);
        long secondJitterNs = random.nextLong(faults.jitterNs() + 1);
        Datagram translated = translateOut(sent);
        if (isLost) {
            log.record(clock.bootTimeNs(), "lose " + sent);
            return;
        }
        byte[] carried = payload;
        if (isCorrupted && payload.length > 0) {
            carried = payload.clone();
            carried[(int) (bit >>> 3)] ^= (byte) (1 << (bit & 7));
            log.record(clock.bootTimeNs(), "corrupt " + sent);
        }
        launch(translated, carried, firstJitterNs);
        if (isDuplicated) {
            log.record(clock.bootTimeNs(), "duplicate " + sent);
            launch(translated, carried, secondJitterNs);
        }
    }

    private void launch(Datagram datagram, byte[] payload, long jitterNs) {
        underWay.add(
                new Datagram(
                        clock.bootTimeNs() + faults.delayNs() + jitterNs,
                        sequence++,
                        datagram.source(),
                        datagram.destination(),
                        datagram.trafficClass(),
                        payload));
    }

    private Datagram translateOut(Datagram datagram) {
        for (InMemoryNat nat : nats) {
            if (nat.inside().equals(datagram.source().ip())) {
                return datagram.withSource(nat.out(datagram.source(), datagram.destination()));
            }
        }
        return datagram;
    }

    /** Puts what has arrived by now into its receiver's inbox. */
    void deliverDue() {
        long nowNs = clock.bootTimeNs();
        while (nextArrivalNs() <= nowNs) {
            Datagram datagram = translateIn(underWay.remove());
            InMemoryUdpBind receiver = receiverOf(datagram);
            if (receiver == null) {
                log.record(nowNs, "drop " + datagram);
            } else {
                log.record(nowNs, "deliver " + datagram, datagram.payload());
                receiver.arrived(datagram);
            }
        }
    }

    private Datagram translateIn(Datagram datagram) {
        for (InMemoryNat nat : nats) {
            if (nat.outside().equals(datagram.destination().ip())) {
                UdpAddress inner = nat.in(datagram.source(), datagram.destination());
                // Nobody has an inner address of port 0: a datagram the translator refuses goes
                // nowhere.
                return datagram.withDestination(
                        inner == null ? new UdpAddress(nat.inside(), 0, 0) : inner);
            }
        }
        return datagram;
    }

    private @Nullable InMemoryUdpBind receiverOf(Datagram datagram) {
        if (cuts.contains(new Link(datagram.source().ip(), datagram.destination().ip()))) {
            return null;
        }
        for (InMemoryUdpBind bind : binds) {
            if (bind.listensOn(datagram.destination())) {
                return bind;
            }
        }
        return null;
    }
}
