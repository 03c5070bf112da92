package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.testing.Vectors;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

class HkdfTest {
    @Test
    void shouldMatchKnownAnswersOfAllThreeKdfs() {
        int cases = 0;
        for (Vectors.Node vector : Vectors.read("wireguard/kdf-hmac-blake2s.json").list()) {
            String keys =
                    vector.get("t1").text() + vector.get("t2").text() + vector.get("t3").text();
            for (int count = 1; count <= 3; count++) {
                byte[] output = new byte[32 * count];
                Hkdf.derive(vector.get("key").hex(), vector.get("input").hex(), output);
                assertThat(HexFormat.of().formatHex(output))
                        .isEqualTo(keys.substring(0, 64 * count));
            }
            cases++;
        }
        assertThat(cases).isEqualTo(3);
    }

    @Test
    void shouldMatchKnownAnswerInTree() {
        byte[] output = new byte[32];
        Hkdf.derive(new byte[0], new byte[0], output);
        assertThat(HexFormat.of().formatHex(output))
                .isEqualTo("8387b46bf43eccfcf349552a095d8315c4055beb90208fb1be23b894bc2ed5d0");
    }
}
