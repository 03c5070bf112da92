package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.aead.AeadKey;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class KeypairTest {
    private static final long MS = 1_000_000;
    private static final long CREATED = 12_345;
    private static final long LIMIT = ProtocolLimits.REJECT_AFTER_MESSAGES;

    @Test
    void shouldClaimRunsInOrder() {
        try (Keypair keypair = TestKeypairs.initiator(CREATED)) {
            assertThat(keypair.claimCounters(1)).isZero();
            assertThat(keypair.claimCounters(45)).isEqualTo(1);
            assertThat(keypair.claimCounters(3)).isEqualTo(46);
            assertThat(keypair.sentMessages()).isEqualTo(49);
        }
    }

    @Test
    void shouldStopAtLimitAndNeverWrap() {
        try (Keypair keypair = TestKeypairs.initiator(CREATED)) {
            keypair.sentMessages(LIMIT - 2);
            assertThat(keypair.claimCounters(3)).isEqualTo(-1);
            assertThat(keypair.claimCounters(1)).isEqualTo(LIMIT - 2);
            assertThat(keypair.claimCounters(1)).isEqualTo(LIMIT - 1);
            for (int i = 0; i < 100; i++) {
                assertThat(keypair.claimCounters(1)).isEqualTo(-1);
                assertThat(keypair.claimCounters(Integer.MAX_VALUE)).isEqualTo(-1);
            }
            assertThat(keypair.sentMessages()).isEqualTo(LIMIT);
        }
    }

    @Test
    void shouldNeverGiveOneCounterToTwoThreads() throws Exception {
        try (Keypair keypair = TestKeypairs.initiator(CREATED);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            keypair.sentMessages(LIMIT - 100_000);
            List<Future<List<Long>>> claims = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                claims.add(threads.submit(() -> claimUntilRefused(keypair)));
            }
            List<Long> firsts = new ArrayList<>();
            for (Future<List<Long>> claim : claims) {
                firsts.addAll(claim.get());
            }
            // Signed order is the unsigned one here: all of them are negative.
            long[] sorted = firsts.stream().mapToLong(Long::longValue).sorted().toArray();
            for (int i = 1; i < sorted.length; i++) {
                assertThat(sorted[i]).isEqualTo(sorted[i - 1] + 7);
            }
            assertThat(sorted[0]).isEqualTo(LIMIT - 100_000);
            assertThat(sorted).hasSize(100_000 / 7);
        }
    }

    @Test
    void shouldRekeyAfterMessagesInEitherRole() {
        for (Keypair keypair :
                List.of(TestKeypairs.initiator(CREATED), TestKeypairs.responder(CREATED))) {
            keypair.sentMessages((1L << 60) - 2);
            keypair.claimCounters(1);
            assertThat(keypair.needsRekeyOnSend(CREATED)).isFalse();
            keypair.claimCounters(1);
            assertThat(keypair.needsRekeyOnSend(CREATED)).isTrue();
            keypair.sentMessages(LIMIT);
            assertThat(keypair.needsRekeyOnSend(CREATED)).isTrue();
            keypair.close();
        }
    }

    @Test
    void shouldRekeyByAgeAsInitiatorOnly() {
        try (Keypair initiator = TestKeypairs.initiator(CREATED);
                Keypair responder = TestKeypairs.responder(CREATED)) {
            assertThat(initiator.needsRekeyOnSend(CREATED + 119_999 * MS)).isFalse();
            assertThat(initiator.needsRekeyOnSend(CREATED + 120_000 * MS)).isTrue();
            assertThat(responder.needsRekeyOnSend(CREATED + 179_999 * MS)).isFalse();
            assertThat(initiator.needsRekeyOnReceive(CREATED + 164_999 * MS)).isFalse();
            assertThat(initiator.needsRekeyOnReceive(CREATED + 165_000 * MS)).isTrue();
            assertThat(responder.needsRekeyOnReceive(CREATED + 179_999 * MS)).isFalse();
        }
    }

    @Test
    void shouldExpireAfterThreeMinutesInEitherRole() {
        try (Keypair initiator = TestKeypairs.initiator(CREATED);
                Keypair responder = TestKeypairs.responder(CREATED)) {
            for (Keypair keypair : List.of(initiator, responder)) {
                assertThat(keypair.isExpired(CREATED + 179_999 * MS)).isFalse();
                assertThat(keypair.isExpired(CREATED + 180_000 * MS)).isTrue();
                assertThat(keypair.isExpired(CREATED + 540_000 * MS)).isTrue();
            }
        }
    }

    @Test
    void shouldWipeBothKeysOnClose() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 0x5a);
        Keypair keypair =
                new Keypair(new AeadKey(secret, 0), new AeadKey(secret, 0), 1, 2, 0, true);
        UnsafeBuffer sending = new UnsafeBuffer(keypair.sendingKey().address(), 32);
        UnsafeBuffer receiving = new UnsafeBuffer(keypair.receivingKey().address(), 32);
        assertThat(sending.getLong(0)).isNotZero();
        keypair.close();
        keypair.close();
        for (int i = 0; i < 32; i++) {
            assertThat(sending.getByte(i) | receiving.getByte(i)).isZero();
        }
    }

    private static List<Long> claimUntilRefused(Keypair keypair) {
        List<Long> firsts = new ArrayList<>();
        for (long first = keypair.claimCounters(7); first != -1; first = keypair.claimCounters(7)) {
            firsts.add(first);
        }
        return firsts;
    }
}
