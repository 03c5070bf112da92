package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** ovl with ovl and with another WireGuard in both roles; topology in {@link TunnelPair}. */
@NetnsTest
final class InteropIT {
    static Stream<Arguments> roles() {
        return Stream.of(
                Arguments.of(Daemon.UNDER_TEST, Daemon.UNDER_TEST),
                Arguments.of(Daemon.UNDER_TEST, Daemon.WIREGUARD_GO),
                Arguments.of(Daemon.WIREGUARD_GO, Daemon.UNDER_TEST));
    }

    static Stream<Arguments> rolesUnderlaysAndKeys() {
        List<Arguments> cases = new ArrayList<>();
        roles().forEach(
                        roles -> {
                            for (String endpoint :
                                    List.of(TunnelPair.ENDPOINT_B, TunnelPair.ENDPOINT6_B)) {
                                for (boolean hasPresharedKey : new boolean[] {false, true}) {
                                    cases.add(
                                            Arguments.of(
                                                    roles.get()[0],
                                                    roles.get()[1],
                                                    endpoint,
                                                    hasPresharedKey));
                                }
                            }
                        });
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("rolesUnderlaysAndKeys")
    void shouldCarryBothIpVersions(
            Daemon initiator, Daemon responder, String endpoint, boolean hasPresharedKey) {
        try (TunnelPair pair = new TunnelPair(initiator, responder, endpoint)) {
            if (hasPresharedKey) {
                String key = Command.run("wg", "genpsk");
                pair.tunnelA.presharedKey(pair.tunnelB, key);
                pair.tunnelB.presharedKey(pair.tunnelA, key);
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.a.pings(TunnelPair.OVERLAY6_B)).isTrue();
            assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
            assertThat(pair.b.pings(TunnelPair.OVERLAY6_A)).isTrue();
            assertThat(pair.tunnelB.endpointOf(pair.tunnelA))
                    .isEqualTo(
                            endpoint.startsWith("[") ? "[2001:db8::1]:51820" : "192.0.2.1:51820");
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void shouldCarryBulkTcpBothWays(Daemon initiator, Daemon responder) {
        try (TunnelPair pair = new TunnelPair(initiator, responder, TunnelPair.ENDPOINT_B)) {
            Iperf iperf = new Iperf(pair.b);
            for (String address : List.of(TunnelPair.OVERLAY_B, TunnelPair.OVERLAY6_B)) {
                // iperf3 closes once all is sent, with data under way, so not all of it arrives.
                long sent = pair.tunnelA.sentBytes(pair.tunnelB);
                iperf.load(pair.a, address);
                assertThat(pair.tunnelA.sentBytes(pair.tunnelB) - sent).isGreaterThan(8 << 20);

                long received = pair.tunnelA.receivedBytes(pair.tunnelB);
                iperf.load(pair.a, address, "--reverse");
                assertThat(pair.tunnelA.receivedBytes(pair.tunnelB) - received)
                        .isGreaterThan(8 << 20);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void shouldStaySilentInsideWithDifferentPresharedKeys(Daemon initiator, Daemon responder) {
        try (TunnelPair pair = new TunnelPair(initiator, responder, TunnelPair.ENDPOINT_B)) {
            pair.tunnelA.presharedKey(pair.tunnelB, Command.run("wg", "genpsk"));
            pair.tunnelB.presharedKey(pair.tunnelA, Command.run("wg", "genpsk"));
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.tunnelA.latestHandshakeOf(pair.tunnelB)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void shouldDropInnerSourcesThatDoNotBelongToThePeer(Daemon sender, Daemon receiver) {
        try (TunnelPair pair = new TunnelPair(sender, receiver, TunnelPair.ENDPOINT_B)) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.ip("addr add 10.77.0.9/32 dev " + pair.tunnelA.name());
            pair.b.ip("route add 10.77.0.9/32 dev " + pair.tunnelB.name());
            assertThat(pair.a.pingsInVainFrom("10.77.0.9", TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelB.addPeer(pair.tunnelA, TunnelPair.OVERLAY_A + "/32,10.77.0.9/32");
            assertThat(pair.a.pingsFrom("10.77.0.9", TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @Test
    void shouldCountEveryByteOfHandshakeAndData() {
        try (TunnelPair pair = new TunnelPair()) {
            int pings = 10;
            // 1,000 bytes of echo payload make an inner packet of 1,028 bytes, padded to 1,040, in
            // a data message of 32 more.
            long data = pings * (1_040L + 32);
            pair.a.run(
                    "ping",
                    "-n",
                    "-c",
                    Integer.toString(pings),
                    "-i",
                    "0.05",
                    "-s",
                    "1000",
                    TunnelPair.OVERLAY_B);
            // The last answer may be here before it is counted.
            List<Long> expected = List.of(148 + data, 92 + data, 148 + data, 92 + data);
            Eventually.comesTrue(() -> transfer(pair).equals(expected));
            assertThat(transfer(pair)).isEqualTo(expected);
        }
    }

    /** What a has sent and received, and what b has received and sent. */
    private static List<Long> transfer(TunnelPair pair) {
        return List.of(
                pair.tunnelA.sentBytes(pair.tunnelB),
                pair.tunnelA.receivedBytes(pair.tunnelB),
                pair.tunnelB.receivedBytes(pair.tunnelA),
                pair.tunnelB.sentBytes(pair.tunnelA));
    }

    @Test
    @OvlOnly
    void shouldTellTheSenderWhenNoPeerMatches() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.tryRun("ping", "-n", "-c", "1", "-W", "20", "10.77.0.3").output())
                    .contains("Destination Host Unreachable");
            assertThat(pair.a.tryRun("ping", "-n", "-c", "1", "-W", "20", "fd77::3").output())
                    .contains("Destination unreachable");
        }
    }
}
