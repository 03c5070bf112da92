package io.ovl.crypto.key;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;

class KeyTextTest {
    private static final String VALID = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    @Test
    void shouldAgreeWithJdkBothWays() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] key = new byte[32];
        for (int i = 0; i < 10_000; i++) {
            random.nextBytes(key);
            String base64 = Base64.getEncoder().encodeToString(key);
            String hex = HexFormat.of().formatHex(key);
            assertThat(new String(KeyText.encodeBase64(key), StandardCharsets.US_ASCII))
                    .isEqualTo(base64);
            assertThat(new String(KeyText.encodeHex(key), StandardCharsets.US_ASCII))
                    .isEqualTo(hex);
            assertThat(decode(base64)).isEqualTo(key);
            assertThat(decode(hex)).isEqualTo(key);
            assertThat(decode(HexFormat.of().withUpperCase().formatHex(key))).isEqualTo(key);
        }
    }

    @Test
    void shouldAcceptExactlyTheBytesOfEachAlphabet() {
        for (int c = 0; c < 256; c++) {
            boolean isBase64 =
                    c >= 'A' && c <= 'Z'
                            || c >= 'a' && c <= 'z'
                            || c >= '0' && c <= '9'
                            || c == '+'
                            || c == '/';
            boolean isHex = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
            byte[] base64 = VALID.getBytes(StandardCharsets.US_ASCII);
            byte[] hex = "00".repeat(32).getBytes(StandardCharsets.US_ASCII);
            base64[5] = (byte) c;
            hex[5] = (byte) c;
            assertThat(KeyText.decode(base64, 0, 44) != null)
                    .as("base64 %d", c)
                    .isEqualTo(isBase64);
            assertThat(KeyText.decode(hex, 0, 64) != null).as("hex %d", c).isEqualTo(isHex);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8==",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
                "=AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
            })
    void shouldRefuseWhatIsNoKey(String text) {
        assertThat(decode(text)).isNull();
    }

    @Test
    void shouldRefuseBitsBehindTheLastByte() {
        for (char last : "9+/AB".toCharArray()) {
            String text = VALID.substring(0, 42) + last + "=";
            boolean isAligned = "AEIMQUYcgkosw048".indexOf(last) >= 0;
            assertThat(decode(text) != null).as(text).isEqualTo(isAligned);
        }
    }

    @Test
    void shouldDecodeInsideLongerText() {
        byte[] line = ("PrivateKey = " + VALID + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] key = KeyText.decode(line, 13, 44);
        assertThat(key).isNotNull().startsWith(0, 1, 2, 3).endsWith(29, 30, 31);
    }

    private static byte @Nullable [] decode(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        return KeyText.decode(ascii, 0, ascii.length);
    }
}
