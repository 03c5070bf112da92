package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.key.SecretCell;
import io.ovl.crypto.testing.Vectors;

import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * IKpsk2 vectors of another Noise implementation: both roles, all messages, with payloads and a prologue that are not
 * ours.
 */
class NoiseVectorsTest {
    @Test
    void shouldReproduceIkPsk2AsBothRoles() throws Exception {
        int vectors = 0;
        for (Vectors.Node vector :
                Vectors.read("noise/cacophony-ik-25519-chachapoly-blake2s.json")
                        .get("vectors")
                        .list()) {
            if (vector.get("protocol_name")
                    .text()
                    .equals("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")) {
                new Exchange(vector).verify();
                vectors++;
            }
        }
        assertThat(vectors).isEqualTo(1);
    }

    /** One vector's handshake, written out token by token. */
    private static final class Exchange {
        private final Vectors.Node vector;
        private final List<Vectors.Node> messages;
        private final byte[] psk;
        private final SecretCell initiatorStatic;
        private final SecretCell initiatorEphemeral;
        private final SecretCell responderStatic;
        private final SecretCell responderEphemeral;

        Exchange(Vectors.Node vector) {
            this.vector = vector;
            messages = vector.get("messages").list();
            psk = vector.get("init_psks").list().getFirst().hex();
            initiatorStatic = SecretCell.copyOf(vector.get("init_static").hex(), 0);
            initiatorEphemeral = SecretCell.copyOf(vector.get("init_ephemeral").hex(), 0);
            responderStatic = SecretCell.copyOf(vector.get("resp_static").hex(), 0);
            responderEphemeral = SecretCell.copyOf(vector.get("resp_ephemeral").hex(), 0);
        }

        void verify() throws Exception {
            SymmetricState initiator = start("init_prologue");
            SymmetricState responder = start("resp_prologue");

            byte[] first = writeFirst(initiator);
            assertThat(HexFormat.of().formatHex(first))
                    .isEqualTo(messages.get(0).get("ciphertext").text());
            readFirst(responder, first);

            byte[] second = writeSecond(responder);
            assertThat(HexFormat.of().formatHex(second))
                    .isEqualTo(messages.get(1).get("ciphertext").text());
            readSecond(initiator, second);

            String hash = vector.get("handshake_hash").text();
            assertThat(HexFormat.of().formatHex(initiator.hash())).isEqualTo(hash);
            assertThat(HexFormat.of().formatHex(responder.hash())).isEqualTo(hash);
            assertThat(initiator.split()).isEqualTo(responder.split());
            verifyTransport(initiator.split());
        }

        private SymmetricState start(String prologue) {
            SymmetricState state =
                    SymmetricState.create(
                            vector.get("protocol_name").text().getBytes(StandardCharsets.US_ASCII),
                            vector.get(prologue).hex());
            state.mixHash(vector.get("init_remote_static").hex());
            return state;
        }

        private byte[] writeFirst(SymmetricState state) {
            byte[] ephemeral = Agreement.publicKey(initiatorEphemeral);
            byte[] remoteStatic = vector.get("init_remote_static").hex();
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            state.mixEphemeral(ephemeral);
            message.writeBytes(ephemeral);
            assertThat(state.mixAgreement(initiatorEphemeral, remoteStatic)).isTrue();
            message.writeBytes(state.encryptAndHash(Agreement.publicKey(initiatorStatic)));
            assertThat(state.mixAgreement(initiatorStatic, remoteStatic)).isTrue();
            message.writeBytes(state.encryptAndHash(messages.get(0).get("payload").hex()));
            return message.toByteArray();
        }

        private void readFirst(SymmetricState state, byte[] message) {
            byte[] remoteStatic = new byte[32];
            byte[] payload = new byte[message.length - 32 - 48 - 16];
            byte[] ephemeral = Arrays.copyOf(message, 32);
            state.mixEphemeral(ephemeral);
            assertThat(state.mixAgreement(responderStatic, ephemeral)).isTrue();
            assertThat(state.decryptAndHash(Arrays.copyOfRange(message, 32, 80), remoteStatic))
                    .isTrue();
            assertThat(remoteStatic).isEqualTo(Agreement.publicKey(initiatorStatic));
            assertThat(state.mixAgreement(responderStatic, remoteStatic)).isTrue();
            assertThat(
                            state.decryptAndHash(
                                    Arrays.copyOfRange(message, 80, message.length), payload))
                    .isTrue();
            assertThat(payload).isEqualTo(messages.get(0).get("payload").hex());
        }

        private byte[] writeSecond(SymmetricState state) {
            byte[] ephemeral = Agreement.publicKey(responderEphemeral);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            state.mixEphemeral(ephemeral);
            message.writeBytes(ephemeral);
            assertThat(
                            state.mixAgreement(
                                    responderEphemeral, Agreement.publicKey(initiatorEphemeral)))
                    .isTrue();
            assertThat(state.mixAgreement(responderEphemeral, Agreement.publicKey(initiatorStatic)))
                    .isTrue();
            state.mixPresharedKey(psk);
            message.writeBytes(state.encryptAndHash(messages.get(1).get("payload").hex()));
            return message.toByteArray();
        }

        private void readSecond(SymmetricState state, byte[] message) {
            byte[] ephemeral = Arrays.copyOf(message, 32);
            byte[] payload = new byte[message.length - 32 - 16];
            state.mixEphemeral(ephemeral);
            assertThat(state.mixAgreement(initiatorEphemeral, ephemeral)).isTrue();
            assertThat(state.mixAgreement(initiatorStatic, ephemeral)).isTrue();
            state.mixPresharedKey(psk);
            assertThat(
                            state.decryptAndHash(
                                    Arrays.copyOfRange(message, 32, message.length), payload))
                    .isTrue();
            assertThat(payload).isEqualTo(messages.get(1).get("payload").hex());
        }

        private void verifyTransport(byte[] keys) throws Exception {
            for (int i = 2; i < messages.size(); i++) {
                boolean isFromInitiator = i % 2 == 0;
                byte[] key =
                        Arrays.copyOfRange(
                                keys, isFromInitiator ? 0 : 32, isFromInitiator ? 32 : 64);
                byte[] nonce =
                        ByteBuffer.allocate(12)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(4, i / 2 - 1)
                                .array();
                byte[] payload = messages.get(i).get("payload").hex();
                byte[] sealed = new byte[payload.length + 16];
                ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
                cipher.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
                cipher.doFinal(sealed, cipher.processBytes(payload, 0, payload.length, sealed, 0));
                assertThat(HexFormat.of().formatHex(sealed))
                        .isEqualTo(messages.get(i).get("ciphertext").text());
            }
        }
    }
}
