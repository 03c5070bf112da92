package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.key.SecretCell;
import io.ovl.crypto.testing.FixedRandom;
import io.ovl.crypto.testing.Vectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

class AgreementTest {
    private static final String BASE_POINT = "09" + "00".repeat(31);

    @ParameterizedTest
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    })
    void shouldMultiplyAsRfc7748Says(String scalar, String point, String product) {
        assertThat(agree(scalar, point)).isEqualTo(product);
    }

    @Test
    void shouldIterateAsRfc7748Says() {
        String scalar = BASE_POINT;
        String point = BASE_POINT;
        for (int i = 1; i <= 1000; i++) {
            String product = agree(scalar, point);
            point = scalar;
            scalar = product;
            if (i == 1) {
                assertThat(product)
                        .isEqualTo(
                                "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
            }
        }
        assertThat(scalar)
                .isEqualTo("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    @Test
    void shouldAgreeAsBobOfRfc7748Does() {
        byte[] bob = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] alicePublic =
                hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        byte[] shared = new byte[32];
        try (SecretCell key = Agreement.generate(new FixedRandom(bob))) {
            assertThat(HexFormat.of().formatHex(Agreement.publicKey(key)))
                    .isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
            assertThat(Agreement.compute(key, alicePublic, shared)).isTrue();
        }
        assertThat(HexFormat.of().formatHex(shared))
                .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    }

    @Test
    void shouldMatchWycheproofAndRefuseEveryZeroSecret() {
        int cases = 0;
        int zeroSecrets = 0;
        for (Vectors.Node group :
                Vectors.read("wycheproof/x25519_test.json").get("testGroups").list()) {
            for (Vectors.Node vector : group.get("tests").list()) {
                String expected = vector.get("shared").text();
                boolean isZero = expected.equals("00".repeat(32));
                assertThat(agree(vector.get("private").text(), vector.get("public").text()))
                        .as("case %d", vector.get("tcId").number())
                        .isEqualTo(isZero ? "refused" : expected);
                zeroSecrets += isZero ? 1 : 0;
                cases++;
            }
        }
        assertThat(cases).isEqualTo(518);
        assertThat(zeroSecrets).isEqualTo(31);
    }

    private static String agree(String scalar, String point) {
        byte[] shared = new byte[32];
        try (SecretCell key = SecretCell.copyOf(hex(scalar), 0)) {
            return Agreement.compute(key, hex(point), shared)
                    ? HexFormat.of().formatHex(shared)
                    : "refused";
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
