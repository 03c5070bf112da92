package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.crypto.testing.Vectors;

import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The library's BLAKE2s, which everything in this package rests on. */
class Blake2sTest {
    @Test
    void shouldHashAbcAsRfc7693Says() {
        assertThat(hash(new Blake2sDigest(256), "abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
    }

    @Test
    void shouldMatchAllKnownAnswers() {
        int cases = 0;
        for (Vectors.Node vector : Vectors.read("blake2/blake2s-from-blake2-kat.json").list()) {
            byte[] key = vector.get("key").hex();
            Blake2sDigest digest =
                    key.length == 0 ? new Blake2sDigest(256) : new Blake2sDigest(key);
            // Twice: a digest is reused after doFinal, keyed or not.
            for (int i = 0; i < 2; i++) {
                assertThat(hash(digest, vector.get("in").hex()))
                        .isEqualTo(vector.get("out").text());
            }
            cases++;
        }
        assertThat(cases).isEqualTo(512);
    }

    private static String hash(Blake2sDigest digest, byte[] input) {
        byte[] output = new byte[32];
        digest.update(input, 0, input.length);
        digest.doFinal(output, 0);
        return HexFormat.of().formatHex(output);
    }
}
