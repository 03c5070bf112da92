package io.ovl.crypto.noise;

import static io.ovl.crypto.noise.VirtualNetwork.MS;
import static io.ovl.crypto.noise.VirtualNetwork.SECOND;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;

/** Handshakes, keypairs and timers together, for hours that pass in seconds. */
class VirtualTimeTest {
    private static final long HOUR = 3_600 * SECOND;

    @Test
    void shouldRekeySevenHundredTwentyTimesADayAndLoseNothing() {
        try (VirtualNetwork network = new VirtualNetwork(1)) {
            long payloads = 0;
            for (long at = SECOND; at < SECOND + 24 * HOUR; at += SECOND / 2) {
                long payload = payloads++;
                network.at(at, () -> network.alice.send(payload, network.nowNs));
                network.at(at + SECOND / 4, () -> network.bob.send(payload, network.nowNs));
            }
            network.runUntil(SECOND + 24 * HOUR + SECOND);
            assertThat(network.bob.delivered).hasSize((int) payloads).isSorted();
            assertThat(network.alice.delivered).hasSize((int) payloads).isSorted();
            // Rekeys happen on the first send past 120 s, half a second apart here.
            assertThat(network.alice.sessions).isBetween(715, 721);
            assertThat(network.bob.sessions).isEqualTo(network.alice.sessions);
            assertThat(network.alice.oldestKeyUsedNs).isLessThan(121 * SECOND);
            assertThat(network.alice.keepalives).isLessThanOrEqualTo(network.alice.sessions);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldDeliverAtMostOnceAndNeverUseOldKeyUnderLoss(long seed) {
        try (VirtualNetwork network = new VirtualNetwork(seed)) {
            network.loss = 0.1 * seed;
            for (long i = 0; i < 36_000; i++) {
                long payload = i;
                network.at(
                        (i + 10) * SECOND / 10, () -> network.alice.send(payload, network.nowNs));
            }
            network.runUntil(HOUR + 2 * SECOND);
            assertThat(new HashSet<>(network.bob.delivered)).hasSameSizeAs(network.bob.delivered);
            assertThat(network.alice.oldestKeyUsedNs).isLessThan(180 * SECOND);
            assertThat(network.bob.oldestKeyUsedNs).isLessThan(180 * SECOND);
            network.loss = 0;
            int before = network.bob.delivered.size();
            network.at(network.nowNs + 20 * SECOND, () -> network.alice.send(-2, network.nowNs));
            network.runUntil(network.nowNs + 40 * SECOND);
            assertThat(network.bob.delivered.size()).isGreaterThan(before);
            assertThat(network.bob.delivered).contains(-2L);
        }
    }

    @Test
    void shouldBeSilentWhenIdle() {
        try (VirtualNetwork network = new VirtualNetwork(1)) {
            network.alice.send(1, network.nowNs);
            network.runUntil(HOUR);
            assertThat(network.bob.delivered).containsExactly(1L);
            // The one passive keepalive answers the one packet; then nothing, and no keys.
            assertThat(network.bob.keepalives).isEqualTo(1);
            assertThat(network.alice.keepalives).isZero();
            assertThat(network.alice.initiationsNs).hasSize(1);
            assertThat(network.bob.initiationsNs).isEmpty();
            assertThat(network.alice.keypairs.current()).isNull();
            assertThat(network.bob.keypairs.current()).isNull();
            assertThat(network.bob.keypairs.next()).isNull();
        }
    }

    @Test
    void shouldWipeKeysAfterNineMinutesAndNotBefore() {
        try (VirtualNetwork network = new VirtualNetwork(1)) {
            network.alice.send(1, network.nowNs);
            network.runUntil(network.nowNs + network.delayNs * 2);
            long derivedNs = network.nowNs;
            network.runUntil(derivedNs + 540 * SECOND - 1);
            assertThat(network.alice.keypairs.current()).isNotNull();
            network.runUntil(derivedNs + 540 * SECOND);
            assertThat(network.alice.keypairs.current()).isNull();
        }
    }

    @Test
    void shouldSendTwentyInitiationsToDeadPeerAndStartAgainOnNewData() {
        try (VirtualNetwork network = new VirtualNetwork(3)) {
            network.loss = 1;
            long start = network.nowNs;
            network.alice.send(1, start);
            network.runUntil(HOUR);
            assertThat(network.alice.initiationsNs).hasSize(20);
            assertThat(network.alice.initiationsNs.getLast() - start)
                    .isBetween(95 * SECOND, 101_300 * MS + 27 * MS);
            assertThat(network.alice.givenUp).isEqualTo(1);
            network.loss = 0;
            network.alice.send(2, network.nowNs);
            network.runUntil(network.nowNs + SECOND);
            assertThat(network.bob.delivered).containsExactly(2L);
            assertThat(network.alice.initiationsNs).hasSize(21);
        }
    }

    @Test
    void shouldDeliverAtMostOneHundredTwentyEightStagedPackets() {
        try (VirtualNetwork network = new VirtualNetwork(3)) {
            network.loss = 1;
            for (long payload = 0; payload < 10_000; payload++) {
                network.alice.send(payload, network.nowNs);
            }
            network.loss = 0;
            network.runUntil(network.nowNs + 6 * SECOND);
            assertThat(network.bob.delivered)
                    .hasSize(128)
                    .startsWith(10_000L - 128)
                    .endsWith(9_999L);
        }
    }

    @Test
    void shouldRecoverWithinTwentySecondsWhenPeerLosesItsKeys() {
        try (VirtualNetwork network = new VirtualNetwork(4)) {
            for (long i = 0; i < 600; i++) {
                long payload = i;
                network.at(
                        (i + 10) * SECOND / 10, () -> network.alice.send(payload, network.nowNs));
            }
            network.runUntil(10 * SECOND);
            network.bob.keypairs.clear(Keypair::close);
            int before = network.bob.delivered.size();
            network.runUntil(10 * SECOND + 15_400 * MS);
            assertThat(network.bob.delivered.size()).isGreaterThan(before);
        }
    }

    @Test
    void shouldSettleSimultaneousInitiationsWhateverTheSeed() {
        for (long seed = 0; seed < 1_000; seed++) {
            try (VirtualNetwork network = new VirtualNetwork(seed)) {
                long start = network.nowNs;
                network.alice.send(1, start);
                network.at(start + seed % 3 * 5 * MS, () -> network.bob.send(2, network.nowNs));
                network.runUntil(start + 16 * SECOND);
                assertThat(network.bob.delivered).as("seed %d", seed).contains(1L);
                assertThat(network.alice.delivered).as("seed %d", seed).contains(2L);
            }
        }
    }

    @Test
    void shouldKeepMappingOpenWithPersistentKeepalive() {
        try (VirtualNetwork network = new VirtualNetwork(6)) {
            network.alice.timers.persistentKeepaliveSeconds(25, network.nowNs);
            network.runUntil(HOUR);
            // One each 25 s; each rekey carries one more, and its messages count as traffic.
            assertThat(network.alice.keepalives).isBetween(125, 180);
            assertThat(network.alice.delivered).isEmpty();
            assertThat(network.bob.keepalives).isZero();
        }
    }

    @Test
    void shouldSurviveSuspendWithOneInitiation() {
        try (VirtualNetwork network = new VirtualNetwork(7)) {
            network.alice.send(1, network.nowNs);
            network.runUntil(20 * SECOND);
            int before = network.alice.initiationsNs.size();
            network.nowNs += 600 * SECOND;
            network.alice.send(2, network.nowNs);
            network.alice.expire(network.nowNs);
            network.bob.expire(network.nowNs);
            network.runUntil(network.nowNs + SECOND);
            assertThat(network.alice.initiationsNs.size() - before).isEqualTo(1);
            assertThat(network.bob.delivered).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldRepeatOneSeedExactly() {
        assertThat(trace(42)).isEqualTo(trace(42)).isNotEqualTo(trace(43));
    }

    private static String trace(long seed) {
        try (VirtualNetwork network = new VirtualNetwork(seed)) {
            network.loss = 0.3;
            for (long i = 0; i < 5_000; i++) {
                long payload = i;
                network.at(
                        (i + 10) * SECOND / 10, () -> network.alice.send(payload, network.nowNs));
            }
            network.runUntil(600 * SECOND);
            return network.alice.initiationsNs + " " + network.bob.delivered;
        }
    }
}
