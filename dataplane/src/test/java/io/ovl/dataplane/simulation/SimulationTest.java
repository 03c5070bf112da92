package io.ovl.dataplane.simulation;

import io.ovl.dataplane.testing.SimulatedHost;
import io.ovl.dataplane.testing.Simulation;

import org.junit.jupiter.api.AfterEach;

import java.util.ArrayList;
import java.util.List;

/** Alice and Bob, connected by an underlay that is perfect until a test says otherwise. */
abstract class SimulationTest {
    static final long MILLISECOND = Simulation.MILLISECOND;
    static final long SECOND = Simulation.SECOND;
    static final long MINUTE = Simulation.MINUTE;
    static final long HOUR = Simulation.HOUR;

    static final int INITIATION = 1;
    static final int RESPONSE = 2;
    static final int COOKIE_REPLY = 3;

    final Simulation simulation = new Simulation(1);
    final SimulatedHost alice = simulation.addHost("192.0.2.1", "10.0.0.1");
    final SimulatedHost bob = simulation.addHost("192.0.2.2", "10.0.0.2");

    @AfterEach
    void closeSimulation() {
        simulation.close();
    }

    /** Both know each other, and Alice has a session as its initiator. */
    void establish() {
        Simulation.connect(alice, bob);
        alice.send(bob, -1);
        simulation.settle();
        if (!bob.takeDelivered().equals(List.of(-1L))) {
            throw new AssertionError("no session");
        }
        simulation.takeWire();
    }

    /** When datagrams of a type were sent since the wire was last read, in nanoseconds after {@code startNs}. */
    List<Long> sentAfter(long startNs, SimulatedHost source, int type) {
        List<Long> times = new ArrayList<>();
        for (var datagram : simulation.takeWire()) {
            if (datagram.type() == type && datagram.source().ip().equals(source.underlay())) {
                times.add(datagram.sentNs() - startNs);
            }
        }
        return times;
    }
}
