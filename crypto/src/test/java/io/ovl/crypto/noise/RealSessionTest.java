package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.ovl.crypto.aead.AeadKey;
import io.ovl.crypto.cookie.CookieChecker;
import io.ovl.crypto.cookie.CookieGenerator;
import io.ovl.crypto.cookie.MacState;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;
import io.ovl.crypto.message.MessageDataFlyweight;
import io.ovl.crypto.message.MessageInitiationFlyweight;
import io.ovl.crypto.message.MessageResponseFlyweight;
import io.ovl.crypto.message.MessageType;
import io.ovl.crypto.testing.FixedRandom;
import io.ovl.crypto.testing.Vectors;

import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** A session of the Linux kernel with every secret known: each message must come out byte for byte. */
class RealSessionTest {
    private static final String FILE = "wireguard/real-session-1.json";

    @Test
    void shouldReproduceInitiationOfKernel() {
        for (Vectors.Node session : Vectors.read(FILE).get("sessions").list()) {
            try (Session initiator = new Session(session, "initiator", "responder")) {
                assertThat(initiator.createInitiation()).isEqualTo(session.get("message1").text());
            }
        }
    }

    @Test
    void shouldReproduceResponseOfKernel() {
        for (Vectors.Node session : Vectors.read(FILE).get("sessions").list()) {
            try (Session responder = new Session(session, "responder", "initiator")) {
                assertThat(responder.acceptRecorded()).isEqualTo(InitiationVerdict.ACCEPTED);
                assertThat(responder.createResponse()).isEqualTo(session.get("message2").text());
                responder.assertKeys(
                        "key_responder_to_initiator", "key_initiator_to_responder", false);
            }
        }
    }

    @Test
    void shouldDeriveKeysOfKernelFromRecordedResponse() {
        for (Vectors.Node session : Vectors.read(FILE).get("sessions").list()) {
            try (Session initiator = new Session(session, "initiator", "responder")) {
                initiator.createInitiation();
                UnsafeBuffer response = new UnsafeBuffer(session.get("message2").hex());
                assertThat(initiator.handshake.consumeResponse(response, 0)).isTrue();
                initiator.assertKeys(
                        "key_initiator_to_responder", "key_responder_to_initiator", true);
            }
        }
    }

    @Test
    void shouldReadTimestampAndStaticKeyOfKernel() {
        for (Vectors.Node session : Vectors.read(FILE).get("sessions").list()) {
            try (Session responder = new Session(session, "responder", "initiator")) {
                UnsafeBuffer message = new UnsafeBuffer(session.get("message1").hex());
                try (ReceivedInitiation received =
                        requireNonNull(InitiationReader.read(responder.local, message, 0))) {
                    assertThat(received.remoteStatic().hex())
                            .isEqualTo(session.get("initiator_static_public").text());
                    assertThat(received.senderIndex())
                            .isEqualTo((int) session.get("initiator_index").number());
                }
            }
        }
    }

    @Test
    void shouldOpenDataOfKernelInBothDirections() throws Exception {
        int opened = 0;
        for (Vectors.Node session : Vectors.read(FILE).get("sessions").list()) {
            for (Vectors.Node data : session.get("transport").list()) {
                boolean isFromInitiator = data.get("sender").text().equals("initiator");
                byte[] key =
                        session.get(
                                        isFromInitiator
                                                ? "key_initiator_to_responder"
                                                : "key_responder_to_initiator")
                                .hex();
                byte[] packet = data.get("packet").hex();
                UnsafeBuffer message = new UnsafeBuffer(packet);
                assertThat(MessageType.classify(message, 0, packet.length))
                        .isEqualTo(MessageType.DATA);
                assertThat(MessageDataFlyweight.receiverIndex(message, 0))
                        .isEqualTo((int) data.get("receiver_index").number());
                assertThat(MessageDataFlyweight.counter(message, 0))
                        .isEqualTo(data.get("counter").number());
                assertThat(open(key, MessageDataFlyweight.counter(message, 0), packet))
                        .isEqualTo(data.get("plaintext").text());
                opened++;
            }
        }
        assertThat(opened).isGreaterThanOrEqualTo(11);
    }

    private static String open(byte[] key, long counter, byte[] packet) throws Exception {
        byte[] nonce =
                ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4, counter).array();
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(false, new ParametersWithIV(new KeyParameter(key), nonce));
        int length = packet.length - MessageDataFlyweight.HEADER_LENGTH;
        byte[] plaintext = new byte[length - MessageDataFlyweight.TAG_LENGTH];
        int written =
                cipher.processBytes(
                        packet, MessageDataFlyweight.HEADER_LENGTH, length, plaintext, 0);
        cipher.doFinal(plaintext, written);
        return HexFormat.of().formatHex(plaintext);
    }

    /** One side of the recorded session. */
    private static final class Session implements AutoCloseable {
        private final Vectors.Node recorded;
        private final NoisePublicKey remote;
        private final LocalIdentity local;
        private final Handshake handshake;
        private final UnsafeBuffer out = new UnsafeBuffer(new byte[200]);

        Session(Vectors.Node recorded, String localRole, String remoteRole) {
            this.recorded = recorded;
            remote = NoisePublicKey.copyOf(recorded.get(remoteRole + "_static_public").hex(), 0);
            try (NoisePrivateKey key =
                    NoisePrivateKey.copyOf(recorded.get(localRole + "_static_private").hex(), 0)) {
                local = new LocalIdentity(key);
            }
            assertThat(local.publicKey().hex())
                    .isEqualTo(recorded.get(localRole + "_static_public").text());
            NoisePresharedKey psk =
                    NoisePresharedKey.copyOf(recorded.get("preshared_key").hex(), 0);
            handshake = new Handshake(local, remote, psk);
        }

        String createInitiation() {
            Tai64n timestamp =
                    Tai64n.read(new UnsafeBuffer(recorded.get("timestamp_tai64n").hex()), 0);
            FixedRandom random = new FixedRandom(recorded.get("initiator_ephemeral_private").hex());
            int index = (int) recorded.get("initiator_index").number();
            assertThat(handshake.createInitiation(out, 7, index, timestamp, random)).isTrue();
            new CookieGenerator(remote).addMacs(out, 7, MessageInitiationFlyweight.LENGTH, 0);
            return hex(7, MessageInitiationFlyweight.LENGTH);
        }

        InitiationVerdict acceptRecorded() {
            UnsafeBuffer message = new UnsafeBuffer(recorded.get("message1").hex());
            CookieChecker checker = new CookieChecker(local.publicKey(), new FixedRandom());
            assertThat(
                            checker.check(
                                    message,
                                    0,
                                    message.capacity(),
                                    false,
                                    0,
                                    0x0a090001,
                                    5,
                                    false,
                                    0))
                    .isEqualTo(MacState.VALID_MAC1);
            try (ReceivedInitiation received =
                    requireNonNull(InitiationReader.read(local, message, 0))) {
                return handshake.accept(received, 0);
            }
        }

        String createResponse() {
            FixedRandom random = new FixedRandom(recorded.get("responder_ephemeral_private").hex());
            int index = (int) recorded.get("responder_index").number();
            assertThat(handshake.createResponse(out, 5, index, random)).isTrue();
            new CookieGenerator(remote).addMacs(out, 5, MessageResponseFlyweight.LENGTH, 0);
            return hex(5, MessageResponseFlyweight.LENGTH);
        }

        void assertKeys(String sending, String receiving, boolean isInitiator) {
            try (Keypair keypair = requireNonNull(handshake.beginSession(17))) {
                assertThat(hex(keypair.sendingKey())).isEqualTo(recorded.get(sending).text());
                assertThat(hex(keypair.receivingKey())).isEqualTo(recorded.get(receiving).text());
                assertThat(keypair.isInitiator()).isEqualTo(isInitiator);
                assertThat(keypair.createdNs()).isEqualTo(17);
                int initiatorIndex = (int) recorded.get("initiator_index").number();
                int responderIndex = (int) recorded.get("responder_index").number();
                assertThat(keypair.localIndex())
                        .isEqualTo(isInitiator ? initiatorIndex : responderIndex);
                assertThat(keypair.remoteIndex())
                        .isEqualTo(isInitiator ? responderIndex : initiatorIndex);
            }
            assertThat(handshake.beginSession(18)).isNull();
        }

        @Override
        public void close() {
            handshake.close();
            local.close();
        }

        private String hex(int offset, int length) {
            return HexFormat.of()
                    .formatHex(Arrays.copyOfRange(out.byteArray(), offset, offset + length));
        }

        private static String hex(AeadKey key) {
            UnsafeBuffer memory = new UnsafeBuffer(key.address(), AeadKey.LENGTH);
            byte[] bytes = new byte[AeadKey.LENGTH];
            memory.getBytes(0, bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }
}
