package io.ovl.crypto.cookie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ovl.crypto.testing.Vectors;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

class CookieAeadTest {
    @Test
    void shouldSealAsDraftSays() {
        // draft-irtf-cfrg-xchacha appendix A.3.1
        byte[] plaintext =
                ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for"
                                + " the future, sunscreen would be it.")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] sealed =
                CookieAead.seal(
                        hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
                        hex("404142434445464748494a4b4c4d4e4f5051525354555657"),
                        hex("50515253c0c1c2c3c4c5c6c7"),
                        plaintext);
        assertThat(HexFormat.of().formatHex(sealed))
                .startsWith("bd6d179d3e83d43b9576579493c0e939")
                .endsWith("c0875924c1c7987947deafd8780acf49");
    }

    @Test
    void shouldMatchWycheproof() {
        int cases = 0;
        for (Vectors.Node group :
                Vectors.read("wycheproof/xchacha20_poly1305_test.json").get("testGroups").list()) {
            for (Vectors.Node vector : group.get("tests").list()) {
                if (vector.get("iv").hex().length == 24) {
                    assertVector(vector);
                } else {
                    assertThatThrownBy(() -> seal(vector))
                            .isInstanceOf(IllegalArgumentException.class);
                }
                cases++;
            }
        }
        assertThat(cases).isEqualTo(315);
    }

    private static void assertVector(Vectors.Node vector) {
        String sealed = vector.get("ct").text() + vector.get("tag").text();
        byte[] message = vector.get("msg").hex();
        byte[] opened = new byte[message.length];
        boolean isValid = vector.get("result").text().equals("valid");
        assertThat(
                        CookieAead.open(
                                vector.get("key").hex(),
                                vector.get("iv").hex(),
                                vector.get("aad").hex(),
                                hex(sealed),
                                opened))
                .as("case %d", vector.get("tcId").number())
                .isEqualTo(isValid);
        if (isValid) {
            assertThat(opened).isEqualTo(message);
            assertThat(HexFormat.of().formatHex(seal(vector))).isEqualTo(sealed);
        } else {
            assertThat(opened).isEqualTo(new byte[message.length]);
            assertThat(Arrays.equals(seal(vector), hex(sealed))).isFalse();
        }
    }

    private static byte[] seal(Vectors.Node vector) {
        return CookieAead.seal(
                vector.get("key").hex(),
                vector.get("iv").hex(),
                vector.get("aad").hex(),
                vector.get("msg").hex());
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
