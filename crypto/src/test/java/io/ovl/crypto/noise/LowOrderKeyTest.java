package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.testing.Vectors;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;
import java.util.List;

/**
 * Public keys that make every shared secret zero. The forgeries here are what an attacker can make who knows that:
 * right in all but the zero.
 */
class LowOrderKeyTest {
    private static final byte[] ZERO = new byte[32];

    private final Side alice = new Side(1);
    private final Side bob = new Side(2);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void shouldRefuseSevenWellKnownPoints(String point) {
        assertRefused(HexFormat.of().parseHex(point));
    }

    @Test
    void shouldRefuseEveryZeroSecretOfWycheproof() {
        List<byte[]> points =
                Vectors.read("wycheproof/x25519_test.json").get("testGroups").list().stream()
                        .flatMap(group -> group.get("tests").list().stream())
                        .filter(vector -> vector.get("shared").text().equals("00".repeat(32)))
                        .map(vector -> vector.get("public").hex())
                        .toList();
        assertThat(points).hasSize(31);
        points.forEach(this::assertRefused);
    }

    private void assertRefused(byte[] point) {
        assertUnusableAsStatic(point);
        assertInitiationRefused(point);
        assertResponseRefused(point);
    }

    private void assertUnusableAsStatic(byte[] point) {
        try (Handshake handshake =
                new Handshake(alice.local, NoisePublicKey.copyOf(point, 0), null)) {
            UnsafeBuffer out = new UnsafeBuffer(new byte[MessageInitiationFlyweight.LENGTH]);
            assertThat(handshake.isUsable()).isFalse();
            assertThat(handshake.createInitiation(out, 0, 1, new Tai64n(1L << 62, 0), alice.random))
                    .isFalse();
            assertThat(out.getByte(0)).isZero();
        }
    }

    private void assertInitiationRefused(byte[] ephemeral) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[MessageInitiationFlyweight.LENGTH]);
        try (SymmetricState forged = SymmetricState.create()) {
            forged.mixHash(bob.local.publicKey().bytes());
            forged.mixEphemeral(ephemeral);
            forged.mixKey(ZERO);
            MessageInitiationFlyweight.putType(message, 0);
            MessageInitiationFlyweight.putEphemeral(message, 0, ephemeral);
            MessageInitiationFlyweight.putEncryptedStatic(
                    message, 0, forged.encryptAndHash(alice.local.publicKey().bytes()));
        }
        assertThat(InitiationReader.read(bob.local, message, 0)).isNull();
    }

    private void assertResponseRefused(byte[] ephemeral) {
        alice.meets(bob);
        bob.meets(alice);
        UnsafeBuffer initiation = alice.initiate(1);
        UnsafeBuffer response = new UnsafeBuffer(new byte[MessageResponseFlyweight.LENGTH]);
        try (ReceivedInitiation received =
                requireNonNull(InitiationReader.read(bob.local, initiation, 0))) {
            assertThat(bob.handshake().accept(received, 0)).isEqualTo(InitiationVerdict.ACCEPTED);
            SymmetricState forged = received.state();
            forged.mixEphemeral(ephemeral);
            forged.mixKey(ZERO);
            forged.mixKey(ZERO);
            forged.mixPresharedKey(ZERO);
            MessageResponseFlyweight.putType(response, 0);
            MessageResponseFlyweight.receiverIndex(response, 0, 1);
            MessageResponseFlyweight.putEphemeral(response, 0, ephemeral);
            MessageResponseFlyweight.putEncryptedNothing(
                    response, 0, forged.encryptAndHash(new byte[0]));
        }
        assertThat(alice.handshake().consumeResponse(response, 0)).isFalse();
        assertThat(alice.handshake().isAwaitingResponse()).isTrue();
        alice.handshake().close();
        bob.handshake().close();
    }
}
