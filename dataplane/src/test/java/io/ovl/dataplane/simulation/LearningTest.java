package io.ovl.dataplane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.simulation.Lan.Machine;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;
import io.ovl.dataplane.testing.NetworkFaults;
import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/**
 * Segments of sixteen hosts whose machines talk and move, while the network loses, repeats, alters and reorders, and
 * falls apart for a while: when it is whole again, everyone knows where everyone is, nothing came twice, and every
 * frame is accounted for.
 */
class LearningTest {
    private static final long MILLISECOND = Simulation.MILLISECOND;
    private static final long SECOND = Simulation.SECOND;
    private static final int HOSTS = 16;
    private static final int MACHINES = 48;
    private static final long FIRST_MAC = 0x0200_0000_0100L;
    private static final NetworkFaults BAD =
            new NetworkFaults(0.1, 0.05, 0.02, 20 * MILLISECOND, 50 * MILLISECOND);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldConvergeToTheLastSpeakerOverSessions(long seed) {
        int workers = 1 + (int) (seed % 2);
        try (Simulation simulation = new Simulation(seed)) {
            Lan lan = new Lan(10, mesh(simulation, HOSTS, workers)).sealed();
            live(simulation, List.of(lan), BAD, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void shouldConvergeAmongCompactAndStandardPeers(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            List<SimulatedHost> hosts = mesh(simulation, 6, 2);
            BiPredicate<SimulatedHost, SimulatedHost> isStandard =
                    (one, other) -> (hosts.indexOf(one) + hosts.indexOf(other)) % 3 == 0;
            live(simulation, List.of(new Lan(0xff_ffff, hosts).sealed(isStandard)), BAD, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void shouldConvergeInTheClear(long seed) {
        // Nothing in the clear tells a repeated frame from a new one, or an altered one from a good
        // one.
        NetworkFaults faults = BAD.withDuplication(0).withCorruption(0);
        try (Simulation simulation = new Simulation(seed)) {
            List<SimulatedHost> hosts = hosts(simulation, HOSTS, 1 + (int) (seed % 2));
            live(simulation, List.of(new Lan(10, hosts).clear()), faults, seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void shouldKeepSegmentsApartThatShareHostsAndAddresses(long seed) {
        NetworkFaults faults = BAD.withDuplication(0).withCorruption(0);
        try (Simulation simulation = new Simulation(seed)) {
            List<SimulatedHost> hosts = mesh(simulation, 8, 2);
            List<Lan> lans =
                    List.of(
                            new Lan(1, hosts).sealed(),
                            new Lan(2, hosts.subList(0, 5)).sealed(),
                            new Lan(3, hosts.subList(3, 8)).clear(),
                            new Lan(4, hosts).clear());
            live(simulation, lans, faults, seed);
        }
    }

    @Test
    void shouldRepeatRunFromItsSeed() {
        assertThat(digestOf(1)).isEqualTo(digestOf(1)).isNotEqualTo(digestOf(2));
    }

    private static String digestOf(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            live(simulation, List.of(new Lan(10, mesh(simulation, 4, 2)).sealed()), BAD, seed);
            return simulation.log().digest();
        }
    }

    private static List<SimulatedHost> hosts(Simulation simulation, int count, int workers) {
        simulation.stopRecordingWire();
        List<SimulatedHost> hosts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            hosts.add(simulation.addHost("192.0.2." + i, "10.0.0." + i, workers));
        }
        return hosts;
    }

    /** Everyone is everyone's peer. */
    private static List<SimulatedHost> mesh(Simulation simulation, int count, int workers) {
        List<SimulatedHost> hosts = hosts(simulation, count, workers);
        for (SimulatedHost one : hosts) {
            for (SimulatedHost other : hosts.subList(0, hosts.indexOf(one))) {
                Simulation.connect(one, other);
            }
        }
        return hosts;
    }

    private static void live(
            Simulation simulation, List<Lan> lans, NetworkFaults faults, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        simulation.network().faults(faults);
        for (Lan lan : lans) {
            // The same addresses in every segment, in other places.
            for (int i = 0; i < MACHINES; i++) {
                lan.place(new Machine(FIRST_MAC + i / 2, i % 2 * 7), any(lan.hosts, random));
            }
            simulation.every(20 * MILLISECOND, 3000, () -> talk(lan, random));
            simulation.every(700 * MILLISECOND, 80, () -> move(lan, random));
        }
        simulation.after(10 * SECOND, () -> fallApart(simulation, lans, random));
        // Every other time for longer than sessions live.
        long wholeAgainNs = seed % 2 == 0 ? 25 * SECOND : 220 * SECOND;
        simulation.after(wholeAgainNs, () -> simulation.network().heal());
        simulation.run(wholeAgainNs + 40 * SECOND);

        simulation.network().faults(NetworkFaults.NONE);
        // The longest that a handshake waits to be tried again, and more.
        simulation.run(20 * SECOND);
        lans.forEach(lan -> lan.machines().forEach(lan::announce));
        simulation.run(20 * SECOND);

        lans.forEach(Lan::checkConverged);
        lans.forEach(lan -> checkEveryPath(simulation, lan));
        lans.forEach(Lan::collect);
        checkAccounts(lans, faults);
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static void talk(Lan lan, SplittableRandom random) {
        Machine source = any(lan.machines(), random);
        if (random.nextInt(5) == 0) {
            lan.announce(source);
        } else {
            lan.send(source, any(lan.machines(), random).mac());
        }
    }

    private static void move(Lan lan, SplittableRandom random) {
        Machine machine = any(lan.machines(), random);
        lan.place(machine, any(lan.hosts, random));
        lan.announce(machine);
    }

    /** Nothing passes between the one half and the other. */
    private static void fallApart(Simulation simulation, List<Lan> lans, SplittableRandom random) {
        List<SimulatedHost> hosts = lans.getFirst().hosts;
        int half = 1 + random.nextInt(hosts.size() - 1);
        for (SimulatedHost one : hosts.subList(0, half)) {
            for (SimulatedHost other : hosts.subList(half, hosts.size())) {
                simulation.network().cut(one.underlay(), other.underlay());
            }
        }
    }

    /** A frame from every host to every machine elsewhere goes there and nowhere else. */
    private static void checkEveryPath(Simulation simulation, Lan lan) {
        Map<Long, SimulatedHost> ways = new HashMap<>();
        for (Machine source : lan.machines()) {
            for (Machine target : lan.machines()) {
                boolean isElsewhere = lan.place(source) != lan.place(target);
                if (isElsewhere && source.vlan() == target.vlan()) {
                    ways.put(lan.send(source, target.mac()), lan.place(target));
                }
            }
            simulation.run(SECOND);
        }
        lan.collect();
        ways.forEach((id, place) -> assertThat(lan.receiversOf(id)).containsExactly(place));
    }

    private static void checkAccounts(List<Lan> lans, NetworkFaults faults) {
        HashSet<SimulatedHost> hosts = new HashSet<>();
        lans.forEach(lan -> hosts.addAll(lan.hosts));
        for (SimulatedHost host : hosts) {
            assertThat(host.unaccountedInbound()).isZero();
            long given = lans.stream().mapToLong(lan -> lan.copiesFrom(host)).sum();
            long gone = host.value(WorkerCounter.DEVICE_READ_PACKETS);
            for (DropReason reason : DropReason.values()) {
                gone += reason.isOutbound() ? host.dropped(reason) : 0;
            }
            assertThat(gone).as("frames out of %s", host.underlay()).isEqualTo(given);
            assertThat(host.value(WorkerCounter.UDP_SEND_PACKETS))
                    .isEqualTo(
                            host.value(WorkerCounter.DEVICE_READ_PACKETS)
                                    + host.value(WorkerCounter.KEEPALIVES_SENT));
            if (faults.duplication() > 0) {
                assertThat(host.dropped(DropReason.REPLAYED)).isPositive();
            }
        }
        long written =
                hosts.stream().mapToLong(h -> h.value(WorkerCounter.DEVICE_WRITE_PACKETS)).sum();
        assertThat(written).isEqualTo(lans.stream().mapToInt(Lan::deliveredCount).sum());
    }
}
