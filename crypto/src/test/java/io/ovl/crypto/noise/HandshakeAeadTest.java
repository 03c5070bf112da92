package io.ovl.crypto.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

import java.util.HexFormat;

class HandshakeAeadTest {
    private static final byte[] KEY = new byte[32];
    private static final byte[] HASH = new byte[32];

    @Test
    void shouldUseKeystreamOfRfc8439() {
        // RFC 8439 appendix A.1: with key and nonce zero, block 1 is what encrypts the first bytes.
        byte[] sealed = HandshakeAead.seal(KEY, HASH, new byte[32]);
        assertThat(HexFormat.of().formatHex(sealed, 0, 32))
                .isEqualTo("9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed");
    }

    @Test
    void shouldOpenWhatItSealed() {
        byte[] opened = new byte[3];
        assertThat(
                        HandshakeAead.open(
                                KEY,
                                HASH,
                                HandshakeAead.seal(KEY, HASH, new byte[] {1, 2, 3}),
                                opened))
                .isTrue();
        assertThat(opened).containsExactly(1, 2, 3);
    }

    @Test
    void shouldRefuseEveryFlippedBitAndLeaveZeros() {
        byte[] sealed = HandshakeAead.seal(KEY, HASH, new byte[] {1, 2, 3});
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            byte[] opened = new byte[3];
            assertThat(HandshakeAead.open(KEY, HASH, altered, opened)).isFalse();
            assertThat(opened).containsOnly(0);
        }
    }

    @Test
    void shouldReachLibrarysOwnCopyOfKeyToWipeIt() {
        KeyParameter parameter = new KeyParameter(new byte[] {1, 2, 3});
        assertThat(parameter.getKey()).isSameAs(parameter.getKey());
    }
}
