package io.ovl.crypto.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.jr.ob.JSON;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Wycheproof's ChaCha20-Poly1305 cases.
 *
 * <p>{@link Aead} has no additional data and a nonce that starts with four zero bytes; no case is of that form. So the
 * cases go through the oracle as they are, and their keys, messages and nonces' last eight bytes go through every
 * provider, held against the oracle.
 */
class WycheproofAeadTest {
    private static final Path VECTORS =
            Path.of("../../shared/vectors/wycheproof/chacha20_poly1305_test.json");
    private static final int NONCE_LENGTH = 12;

    @Test
    void shouldHoldTheOracleAgainstEveryCase() throws Exception {
        List<Case> cases = cases();
        assertThat(cases).hasSize(325);
        for (Case test : cases) {
            if (test.isValid) {
                assertThat(BouncyCastleAead.seal(test.key, test.nonce, test.aad, test.message))
                        .as("case %d", test.id)
                        .isEqualTo(test.sealed);
                assertThat(BouncyCastleAead.open(test.key, test.nonce, test.aad, test.sealed))
                        .as("case %d", test.id)
                        .isEqualTo(test.message);
            } else {
                assertThatThrownBy(
                                () ->
                                        BouncyCastleAead.open(
                                                test.key, test.nonce, test.aad, test.sealed))
                        .as("case %d", test.id)
                        .isInstanceOfAny(
                                InvalidCipherTextException.class, IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipsec-mb", "openssl", "jdk"})
    void shouldAgreeWithTheOracleOnEveryCase(String provider) throws IOException {
        AeadProvider aeads = AeadTesting.provider(provider);
        int count = 0;
        for (Case test : cases()) {
            if (test.nonce.length == NONCE_LENGTH) {
                checkAgainstOracle(aeads, test);
                count++;
            }
        }
        assertThat(count).isEqualTo(316);
    }

    private static void checkAgainstOracle(AeadProvider provider, Case test) {
        long counter = ByteBuffer.wrap(test.nonce).order(ByteOrder.LITTLE_ENDIAN).getLong(4);
        byte[] expected = BouncyCastleAead.seal(test.key, counter, test.message);
        byte[] foreignTag = expected.clone();
        System.arraycopy(
                test.sealed, test.message.length, foreignTag, test.message.length, Aead.TAG_LENGTH);
        try (Arena arena = Arena.ofConfined();
                AeadKey key = new AeadKey(test.key, 0);
                Aead aead = provider.newAead()) {
            MemorySegment source = arena.allocate(expected.length);
            MemorySegment destination = arena.allocate(expected.length);
            byte[] sealed =
                    AeadTesting.seal(
                            aead,
                            key,
                            counter,
                            test.message,
                            new AeadTesting.Memory(source, destination));
            assertThat(sealed).as("case %d", test.id).isEqualTo(expected);
            assertThat(open(aead, key, counter, sealed, source, destination)).isTrue();
            assertThat(AeadTesting.bytes(destination, test.message.length)).isEqualTo(test.message);
            assertThat(open(aead, key, counter, foreignTag, source, destination))
                    .as("case %d with the tag of another nonce", test.id)
                    .isEqualTo(Arrays.equals(foreignTag, expected));
        }
    }

    private static boolean open(
            Aead aead,
            AeadKey key,
            long counter,
            byte[] sealed,
            MemorySegment source,
            MemorySegment destination) {
        source.copyFrom(MemorySegment.ofArray(sealed));
        return aead.open(key, counter, source.address(), sealed.length, destination.address());
    }

    @SuppressWarnings("unchecked") // the file's schema
    private static List<Case> cases() throws IOException {
        if (!Files.exists(VECTORS)) {
            if (System.getenv("CI") != null) {
                throw new AssertionError("missing " + VECTORS);
            }
            return abort("missing " + VECTORS);
        }
        Map<String, Object> root = JSON.std.mapFrom(Files.newInputStream(VECTORS));
        List<Case> cases = new ArrayList<>();
        for (Object group : (List<Object>) root.getOrDefault("testGroups", List.of())) {
            Map<String, Object> fields = (Map<String, Object>) group;
            for (Object test : (List<Object>) fields.getOrDefault("tests", List.of())) {
                cases.add(Case.of((Map<String, Object>) test));
            }
        }
        return cases;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(
            int id,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            byte[] message,
            byte[] sealed,
            boolean isValid) {
        static Case of(Map<String, Object> fields) {
            return new Case(
                    Integer.parseInt(text(fields, "tcId")),
                    hex(text(fields, "key")),
                    hex(text(fields, "iv")),
                    hex(text(fields, "aad")),
                    hex(text(fields, "msg")),
                    hex(text(fields, "ct") + text(fields, "tag")),
                    text(fields, "result").equals("valid"));
        }

        private static String text(Map<String, Object> fields, String name) {
            return String.valueOf(fields.get(name));
        }

        private static byte[] hex(String text) {
            return HexFormat.of().parseHex(text);
        }
    }
}
