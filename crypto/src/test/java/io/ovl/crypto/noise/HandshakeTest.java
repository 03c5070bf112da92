package io.ovl.crypto.noise;

import static io.ovl.crypto.noise.InitiationVerdict.ACCEPTED;
import static io.ovl.crypto.noise.InitiationVerdict.FLOODED;
import static io.ovl.crypto.noise.InitiationVerdict.INVALID;
import static io.ovl.crypto.noise.InitiationVerdict.REPLAYED;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.testing.SeededRandom;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int ALICE = 0xa11ce;
    private static final int BOB = 0xb0b;

    private final Side alice = new Side(1);
    private final Side bob = new Side(2);
    private long nowNs = 100 * SECOND;

    HandshakeTest() {
        alice.meets(bob);
        bob.meets(alice);
    }

    @AfterEach
    void wipe() {
        alice.close();
        bob.close();
    }

    @Test
    void shouldGiveBothSidesTheSameKeys() {
        UnsafeBuffer response = answer(alice.initiate(ALICE));
        assertThat(alice.handshake().consumeResponse(response, 0)).isTrue();
        assertSession();
    }

    @Test
    void shouldGiveFreshKeysEachTime() {
        assertThat(alice.handshake().consumeResponse(answer(alice.initiate(ALICE)), 0)).isTrue();
        byte[] first = sendingKey(requireNonNull(alice.handshake().beginSession(nowNs)));
        assertThat(alice.handshake().consumeResponse(answer(alice.initiate(ALICE)), 0)).isTrue();
        byte[] second = sendingKey(requireNonNull(alice.handshake().beginSession(nowNs)));
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void shouldMixPresharedKey() {
        try (NoisePresharedKey psk = NoisePresharedKey.generate(new SeededRandom(3))) {
            alice.handshake().presharedKey(psk);
            bob.handshake().presharedKey(psk);
            assertThat(alice.handshake().consumeResponse(answer(alice.initiate(ALICE)), 0))
                    .isTrue();
            assertSession();
        }
    }

    @Test
    void shouldTakeZerosForNoPresharedKey() {
        try (NoisePresharedKey zeros = NoisePresharedKey.copyOf(new byte[32], 0)) {
            alice.handshake().presharedKey(zeros);
            assertThat(alice.handshake().consumeResponse(answer(alice.initiate(ALICE)), 0))
                    .isTrue();
            assertSession();
        }
    }

    @Test
    void shouldFailAtResponseWithWrongPresharedKeyAndSucceedOnceCorrected() {
        try (NoisePresharedKey psk = NoisePresharedKey.generate(new SeededRandom(3))) {
            alice.handshake().presharedKey(psk);
            UnsafeBuffer response = answer(alice.initiate(ALICE));
            assertThat(alice.handshake().consumeResponse(response, 0)).isFalse();
            assertThat(alice.handshake().beginSession(nowNs)).isNull();
            assertThat(alice.handshake().isAwaitingResponse()).isTrue();
            alice.handshake().presharedKey(null);
            assertThat(alice.handshake().consumeResponse(response, 0)).isTrue();
            assertSession();
        }
    }

    @Test
    void shouldRefuseInitiationWithAnyBitFlipped() {
        UnsafeBuffer message = alice.initiate(ALICE);
        // From the ephemeral to the timestamp's tag: the index is covered by mac1 only, as in the
        // paper.
        for (int bit = 8 * 8; bit < 116 * 8; bit++) {
            flip(message, bit);
            InitiationVerdict verdict = bob.accept(message, nowNs);
            // X25519 ignores the top bit of a point, but the transcript does not.
            assertThat(verdict).as("bit %d", bit).isEqualTo(INVALID);
            flip(message, bit);
        }
        assertThat(bob.respond(BOB)).isNull();
        assertThat(bob.accept(message, nowNs)).isEqualTo(ACCEPTED);
    }

    @Test
    void shouldRefuseResponseWithAnyBitFlippedAndStillTakeTheRealOne() {
        UnsafeBuffer response = answer(alice.initiate(ALICE));
        for (int bit = 8 * 8; bit < 60 * 8; bit++) {
            flip(response, bit);
            assertThat(alice.handshake().consumeResponse(response, 0)).as("bit %d", bit).isFalse();
            assertThat(alice.handshake().isAwaitingResponse()).isTrue();
            flip(response, bit);
        }
        assertThat(alice.handshake().consumeResponse(response, 0)).isTrue();
        assertSession();
    }

    @Test
    void shouldAnswerOneInitiationOnce() {
        UnsafeBuffer message = alice.initiate(ALICE);
        assertThat(bob.accept(message, nowNs)).isEqualTo(ACCEPTED);
        assertThat(bob.respond(BOB)).isNotNull();
        assertThat(bob.respond(BOB)).isNull();
        assertThat(bob.accept(message, nowNs + SECOND)).isEqualTo(REPLAYED);
        assertThat(bob.respond(BOB)).isNull();
    }

    @Test
    void shouldRefuseOlderTimestampEvenAfterClear() {
        UnsafeBuffer older = alice.initiate(ALICE);
        UnsafeBuffer newer = alice.initiate(ALICE);
        assertThat(bob.accept(newer, nowNs)).isEqualTo(ACCEPTED);
        bob.handshake().clear();
        assertThat(bob.accept(older, nowNs + SECOND)).isEqualTo(REPLAYED);
        assertThat(bob.accept(newer, nowNs + SECOND)).isEqualTo(REPLAYED);
    }

    @Test
    void shouldNotLoseHandshakeUnderWayToReplay() {
        UnsafeBuffer old = alice.initiate(ALICE);
        assertThat(bob.accept(old, nowNs)).isEqualTo(ACCEPTED);
        UnsafeBuffer own = bob.initiate(BOB);
        assertThat(bob.accept(old, nowNs + SECOND)).isEqualTo(REPLAYED);
        assertThat(alice.accept(own, nowNs)).isEqualTo(ACCEPTED);
        assertThat(bob.handshake().consumeResponse(requireNonNull(alice.respond(ALICE)), 0))
                .isTrue();
    }

    @Test
    void shouldRefuseInitiationsCloserThanTwentyMilliseconds() {
        assertThat(bob.accept(alice.initiate(ALICE), nowNs)).isEqualTo(ACCEPTED);
        UnsafeBuffer second = alice.initiate(ALICE);
        assertThat(bob.accept(second, nowNs + 19_999_999)).isEqualTo(FLOODED);
        assertThat(bob.accept(second, nowNs + 20_000_000)).isEqualTo(ACCEPTED);
        assertThat(bob.accept(alice.initiate(ALICE), nowNs + 39_999_999)).isEqualTo(FLOODED);
    }

    @Test
    void shouldAcceptFirstInitiationWhateverTheTime() {
        assertThat(bob.accept(alice.initiate(ALICE), 0)).isEqualTo(ACCEPTED);
    }

    @Test
    void shouldRefuseInitiationOfAnotherPeer() {
        try (Side mallory = new Side(9).meets(bob)) {
            assertThat(bob.accept(mallory.initiate(1), nowNs)).isEqualTo(INVALID);
            assertThat(bob.respond(BOB)).isNull();
        }
    }

    @Test
    void shouldNotReadInitiationMadeForAnother() {
        try (Side carol = new Side(9).meets(alice)) {
            assertThat(InitiationReader.read(carol.local, alice.initiate(ALICE), 0)).isNull();
        }
    }

    @Test
    void shouldNotConsumeResponseToEarlierInitiation() {
        UnsafeBuffer late = answer(alice.initiate(1));
        alice.initiate(2);
        assertThat(alice.handshake().consumeResponse(late, 0)).isFalse();
        MessageResponseFlyweight.receiverIndex(late, 0, 2);
        assertThat(alice.handshake().consumeResponse(late, 0)).isFalse();
        assertThat(alice.handshake().isAwaitingResponse()).isTrue();
    }

    @Test
    void shouldConsumeResponseOnce() {
        UnsafeBuffer response = answer(alice.initiate(ALICE));
        assertThat(alice.handshake().consumeResponse(response, 0)).isTrue();
        assertThat(alice.handshake().consumeResponse(response, 0)).isFalse();
        assertThat(alice.handshake().beginSession(nowNs)).isNotNull();
        assertThat(alice.handshake().beginSession(nowNs)).isNull();
        assertThat(alice.handshake().consumeResponse(response, 0)).isFalse();
    }

    @Test
    void shouldDoNothingOutOfTurn() {
        UnsafeBuffer anything = new UnsafeBuffer(new byte[MessageResponseFlyweight.LENGTH]);
        assertThat(alice.handshake().consumeResponse(anything, 0)).isFalse();
        assertThat(alice.handshake().createResponse(anything, 0, 1, alice.random)).isFalse();
        assertThat(alice.handshake().beginSession(nowNs)).isNull();
        alice.initiate(ALICE);
        assertThat(alice.handshake().createResponse(anything, 0, 1, alice.random)).isFalse();
        assertThat(alice.handshake().beginSession(nowNs)).isNull();
        assertThat(anything.getLong(0)).isZero();
    }

    @Test
    void shouldForgetHandshakeOnClear() {
        UnsafeBuffer response = answer(alice.initiate(ALICE));
        alice.handshake().clear();
        assertThat(alice.handshake().consumeResponse(response, 0)).isFalse();
        assertThat(alice.handshake().isUsable()).isTrue();
        bob.handshake().clear();
        assertThat(bob.handshake().beginSession(nowNs)).isNull();
    }

    @Test
    void shouldBeUnusableWithoutPrivateKey() {
        try (NoisePrivateKey none = NoisePrivateKey.copyOf(new byte[32], 0);
                LocalIdentity nobody = new LocalIdentity(none);
                Handshake handshake = new Handshake(nobody, bob.local.publicKey(), null)) {
            assertThat(handshake.isUsable()).isFalse();
            assertThat(InitiationReader.read(nobody, bob.initiate(BOB), 0)).isNull();
        }
    }

    @Test
    void shouldAgreeOnStaticsNoSoonerThanTheyAreNeeded() {
        try (Handshake handshake = new Handshake(alice.local, bob.local.publicKey(), null)) {
            handshake.identity(alice.local);
            assertThat(handshake.hasAgreed()).isFalse();
            assertThat(handshake.isUsable()).isTrue();
            assertThat(handshake.hasAgreed()).isTrue();
            handshake.identity(bob.local);
            assertThat(handshake.hasAgreed()).isFalse();
        }
    }

    @Test
    void shouldBeUnusableAfterClose() {
        alice.handshake().close();
        assertThat(alice.handshake().isUsable()).isFalse();
        UnsafeBuffer out = new UnsafeBuffer(new byte[148]);
        Tai64n timestamp = new Tai64n(1L << 62, 0);
        assertThat(alice.handshake().createInitiation(out, 0, 1, timestamp, alice.random))
                .isFalse();
    }

    @Test
    void shouldTakeNewIdentityAndStillRefuseReplays() {
        UnsafeBuffer old = alice.initiate(ALICE);
        assertThat(bob.accept(old, nowNs)).isEqualTo(ACCEPTED);
        try (Side renewed = new Side(77).meets(alice)) {
            bob.handshake().identity(renewed.local);
            assertThat(bob.respond(BOB)).isNull();
            alice.meets(renewed);
            UnsafeBuffer fresh = alice.initiate(ALICE);
            try (ReceivedInitiation received =
                    requireNonNull(InitiationReader.read(renewed.local, fresh, 0))) {
                assertThat(bob.handshake().accept(received, nowNs + SECOND)).isEqualTo(ACCEPTED);
            }
            try (ReceivedInitiation received =
                    requireNonNull(InitiationReader.read(renewed.local, fresh, 0))) {
                assertThat(bob.handshake().accept(received, nowNs + 2 * SECOND))
                        .isEqualTo(REPLAYED);
            }
        }
    }

    @Test
    void shouldSettleSimultaneousInitiationsByLaterOne() {
        UnsafeBuffer fromAlice = alice.initiate(1);
        UnsafeBuffer fromBob = bob.initiate(2);
        assertThat(alice.accept(fromBob, nowNs)).isEqualTo(ACCEPTED);
        assertThat(bob.accept(fromAlice, nowNs)).isEqualTo(ACCEPTED);
        UnsafeBuffer answerOfAlice = requireNonNull(alice.respond(3));
        UnsafeBuffer answerOfBob = requireNonNull(bob.respond(4));
        assertThat(alice.handshake().beginSession(nowNs)).isNotNull();
        assertThat(bob.handshake().beginSession(nowNs)).isNotNull();
        assertThat(alice.handshake().consumeResponse(answerOfBob, 0)).isFalse();
        assertThat(bob.handshake().consumeResponse(answerOfAlice, 0)).isFalse();

        nowNs += 5 * SECOND;
        assertThat(alice.handshake().consumeResponse(answer(alice.initiate(ALICE)), 0)).isTrue();
        assertSession();
    }

    private UnsafeBuffer answer(UnsafeBuffer initiation) {
        nowNs += SECOND;
        assertThat(bob.accept(initiation, nowNs)).isEqualTo(ACCEPTED);
        return requireNonNull(bob.respond(BOB));
    }

    private void assertSession() {
        try (Keypair ofAlice = requireNonNull(alice.handshake().beginSession(nowNs));
                Keypair ofBob = requireNonNull(bob.handshake().beginSession(nowNs))) {
            assertThat(bytes(ofAlice.sendingKey())).isEqualTo(bytes(ofBob.receivingKey()));
            assertThat(bytes(ofAlice.receivingKey())).isEqualTo(bytes(ofBob.sendingKey()));
            assertThat(bytes(ofAlice.sendingKey())).isNotEqualTo(bytes(ofAlice.receivingKey()));
            assertThat(ofAlice.localIndex()).isEqualTo(ALICE).isEqualTo(ofBob.remoteIndex());
            assertThat(ofBob.localIndex()).isEqualTo(BOB).isEqualTo(ofAlice.remoteIndex());
            assertThat(ofAlice.isInitiator()).isTrue();
            assertThat(ofBob.isInitiator()).isFalse();
        }
    }

    private static byte[] sendingKey(Keypair keypair) {
        try (keypair) {
            return bytes(keypair.sendingKey());
        }
    }

    private static byte[] bytes(AeadKey key) {
        byte[] bytes = new byte[AeadKey.LENGTH];
        new UnsafeBuffer(key.address(), AeadKey.LENGTH).getBytes(0, bytes);
        return bytes;
    }

    private static void flip(UnsafeBuffer message, int bit) {
        message.putByte(bit / 8, (byte) (message.getByte(bit / 8) ^ 1 << bit % 8));
    }
}
