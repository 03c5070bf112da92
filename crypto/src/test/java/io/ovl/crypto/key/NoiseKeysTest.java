package io.ovl.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.ovl.crypto.testing.SeededRandom;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

class NoiseKeysTest {
    // Bob of RFC 7748 §6.1.
    private static final String PRIVATE =
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    private static final String PUBLIC =
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";

    @Test
    void shouldDerivePublicKey() {
        try (NoisePrivateKey key = parsePrivate(PRIVATE)) {
            assertThat(key.publicKey().hex()).isEqualTo(PUBLIC);
            assertThat(key.isZero()).isFalse();
        }
    }

    @Test
    void shouldClampPrivateKey() {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 0xff);
        try (NoisePrivateKey key = NoisePrivateKey.copyOf(bytes, 0)) {
            key.copyTo(bytes, 0);
        }
        assertThat(bytes[0]).isEqualTo((byte) 0xf8);
        assertThat(bytes[31]).isEqualTo((byte) 0x7f);
    }

    @Test
    void shouldKeepZerosAsNoKey() {
        try (NoisePrivateKey key = NoisePrivateKey.copyOf(new byte[32], 0);
                NoisePresharedKey psk = NoisePresharedKey.copyOf(new byte[32], 0)) {
            byte[] bytes = new byte[32];
            key.copyTo(bytes, 0);
            assertThat(bytes).containsOnly(0);
            assertThat(key.isZero()).isTrue();
            assertThat(psk.isZero()).isTrue();
        }
    }

    @Test
    void shouldGenerateDifferentClampedKeys() {
        SeededRandom random = new SeededRandom(1);
        try (NoisePrivateKey first = NoisePrivateKey.generate(random);
                NoisePrivateKey second = NoisePrivateKey.generate(random);
                NoisePresharedKey psk = NoisePresharedKey.generate(random)) {
            byte[] bytes = new byte[32];
            first.copyTo(bytes, 0);
            assertThat(bytes[0] & 7).isZero();
            assertThat(bytes[31] & 0xc0).isEqualTo(0x40);
            assertThat(first.publicKey()).isNotEqualTo(second.publicKey());
            assertThat(psk.isZero()).isFalse();
        }
    }

    @Test
    void shouldCompareAndPrintPublicKeys() {
        NoisePublicKey key = requireNonNull(NoisePublicKey.parse(PUBLIC));
        NoisePublicKey same = requireNonNull(NoisePublicKey.parse(key.base64()));
        assertThat(same).isEqualTo(key).hasSameHashCodeAs(key);
        byte[] other = key.bytes();
        other[31] ^= 1;
        assertThat(NoisePublicKey.copyOf(other, 0)).isNotEqualTo(key);
        assertThat(key.hex()).isEqualTo(PUBLIC);
        assertThat(key.toString())
                .hasSize(9)
                .startsWith(key.base64().substring(0, 4))
                .contains("…");
        assertThat(NoisePublicKey.parse("no key")).isNull();
    }

    @Test
    void shouldNotLetCallersChangePublicKey() {
        NoisePublicKey key = requireNonNull(NoisePublicKey.parse(PUBLIC));
        key.bytes()[0] ^= 1;
        assertThat(key.hex()).isEqualTo(PUBLIC);
    }

    @Test
    void shouldNeverPrintSecrets() {
        try (NoisePrivateKey key = parsePrivate(PRIVATE);
                NoisePresharedKey psk =
                        requireNonNull(NoisePresharedKey.parse(ascii(PRIVATE), 0, 64));
                SecretCell cell = SecretCell.copyOf(HexFormat.of().parseHex(PRIVATE), 0)) {
            List<Object> secrets = List.of(key, psk, cell);
            assertThat(secrets.toString()).doesNotContainIgnoringCase(PRIVATE.substring(0, 8));
        }
    }

    @Test
    void shouldRefuseTextThatIsNoKey() {
        assertThat(NoisePrivateKey.parse(ascii("short"), 0, 5)).isNull();
        assertThat(NoisePresharedKey.parse(ascii("short"), 0, 5)).isNull();
    }

    private static NoisePrivateKey parsePrivate(String hex) {
        return requireNonNull(NoisePrivateKey.parse(ascii(hex), 0, hex.length()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
