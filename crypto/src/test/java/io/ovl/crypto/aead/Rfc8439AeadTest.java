package io.ovl.crypto.aead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The vectors of RFC 8439 that a nonce of four zero bytes and a counter can express: ChaCha20 streams that start at
 * block 1, as the AEAD's does. The RFC's AEAD vectors themselves have additional data, which {@link Aead} leaves out;
 * the first holds the oracle.
 */
class Rfc8439AeadTest {
    private static final String SUNSCREEN =
            "Ladies and Gentlemen of the class of '99: If I could offer you "
                    + "only one tip for the future, sunscreen would be it.";
    private static final byte[] ZERO_KEY = new byte[AeadKey.LENGTH];

    @ParameterizedTest
    @ValueSource(strings = {"ipsec-mb", "openssl", "jdk"})
    void shouldEncryptTheExampleOfSection242(String provider) {
        byte[] key = new byte[AeadKey.LENGTH];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] plaintext = SUNSCREEN.getBytes(StandardCharsets.US_ASCII);
        assertThat(ciphertext(provider, key, 0x4a00_0000L, plaintext))
                .isEqualTo(
                        hex(
                                """
                                6e2e359a2568f98041ba0728dd0d6981 e97e7aec1d4360c20a27afccfd9fae0b
                                f91b65c5524733ab8f593dabcd62b357 1639d624e65152ab8f530c359f0861d8
                                07ca0dbf500d6a6156a38e088a22b65e 52bc514d16ccf806818ce91ab7793736
                                5af90bbf74a35be6b40b8eedf2785e42 874d\
                                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipsec-mb", "openssl", "jdk"})
    void shouldProduceTheKeyStreamsOfAppendixA1(String provider) {
        byte[] lastByteIsOne = ZERO_KEY.clone();
        lastByteIsOne[31] = 1;
        assertThat(ciphertext(provider, ZERO_KEY, 0, new byte[64]))
                .as("test vector 2")
                .isEqualTo(
                        hex(
                                """
                                9f07e7be5551387a98ba977c732d080d cb0f29a048e3656912c6533e32ee7aed
                                29b721769ce64e43d57133b074d839d5 31ed1f28510afb45ace10a1f4b794d6f\
                                """));
        assertThat(ciphertext(provider, lastByteIsOne, 0, new byte[64]))
                .as("test vector 3")
                .isEqualTo(
                        hex(
                                """
                                3aeb5224ecf849929b9d828db1ced4dd 832025e8018b8160b82284f3c949aa5a
                                8eca00bbb4a73bdad192b5c42f73f2fd 4e273644c8b36125a64addeb006c13a0\
                                """));
    }

    @Test
    void shouldHoldTheOracleAgainstTheExampleOfSection282() throws InvalidCipherTextException {
        byte[] key = new byte[AeadKey.LENGTH];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (0x80 + i);
        }
        byte[] nonce = hex("07000000 4041424344454647");
        byte[] aad = hex("50515253c0c1c2c3c4c5c6c7");
        byte[] plaintext = SUNSCREEN.getBytes(StandardCharsets.US_ASCII);

        byte[] sealed = BouncyCastleAead.seal(key, nonce, aad, plaintext);
        assertThat(Arrays.copyOf(sealed, 16)).isEqualTo(hex("d31a8d34648e60db7b86afbc53ef7ec2"));
        assertThat(Arrays.copyOfRange(sealed, plaintext.length, sealed.length))
                .isEqualTo(hex("1ae10b594f09e26a7e902ecbd0600691"));
        assertThat(BouncyCastleAead.open(key, nonce, aad, sealed)).isEqualTo(plaintext);

        sealed[0] ^= 1;
        assertThatThrownBy(() -> BouncyCastleAead.open(key, nonce, aad, sealed))
                .isInstanceOf(InvalidCipherTextException.class);
    }

    private static byte[] ciphertext(
            String provider, byte[] keyBytes, long counter, byte[] plaintext) {
        try (Arena arena = Arena.ofConfined();
                AeadKey key = new AeadKey(keyBytes, 0);
                Aead aead = AeadTesting.provider(provider).newAead()) {
            AeadTesting.Memory memory =
                    new AeadTesting.Memory(
                            arena.allocate(plaintext.length),
                            arena.allocate(plaintext.length + Aead.TAG_LENGTH));
            byte[] sealed = AeadTesting.seal(aead, key, counter, plaintext, memory);
            return Arrays.copyOf(sealed, plaintext.length);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
