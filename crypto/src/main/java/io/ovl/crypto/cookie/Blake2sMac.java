package io.ovl.crypto.cookie;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keyed BLAKE2s that allocates nothing: whoever floods this host with junk decides how often mac1 is computed, and
 * BouncyCastle's digest leaves 288 bytes of garbage each time.
 *
 * <p>Thread: one owner. Ownership: keeps nothing of key or message. Wire: RFC 7693.
 */
final class Blake2sMac {
    private static final int BLOCK_LENGTH = 64;
    private static final int ROUNDS = 10;
    private static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int[] IV = {
        0x6a09e667,
        0xbb67ae85,
        0x3c6ef372,
        0xa54ff53a,
        0x510e527f,
        0x9b05688c,
        0x1f83d9ab,
        0x5be0cd19
    };

    /** The order of message words in each round, sixteen to a round. */
    private static final byte[] SIGMA = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0
    };

    private final int macLength;
    private final int[] state = new int[8];
    private final int[] work = new int[16];
    private final int[] words = new int[16];
    private final byte[] block = new byte[BLOCK_LENGTH];

    /** Computes MACs of {@code macLength} bytes, a multiple of four up to 32. */
    Blake2sMac(int macLength) {
        this.macLength = macLength;
    }

    /** Computes the MAC of the first {@code length} bytes of {@code message} under a key of up to 32 bytes. */
    void compute(byte[] key, byte[] message, int length, byte[] mac) {
        System.arraycopy(IV, 0, state, 0, IV.length);
        state[0] ^= 0x01010000 | key.length << 8 | macLength;
        int hashed = 0;
        if (key.length > 0) {
            load(key, 0, key.length);
            hashed = BLOCK_LENGTH;
            compress(hashed, length == 0);
        }
        int position = 0;
        while (length - position > BLOCK_LENGTH) {
            load(message, position, BLOCK_LENGTH);
            position += BLOCK_LENGTH;
            compress(hashed + position, false);
        }
        if (length > 0 || key.length == 0) {
            load(message, position, length - position);
            compress(hashed + length, true);
        }
        for (int i = 0; i < macLength; i += Integer.BYTES) {
            WORDS.set(mac, i, state[i / Integer.BYTES]);
        }
        Arrays.fill(block, (byte) 0);
        Arrays.fill(words, 0);
        Arrays.fill(work, 0);
    }

    private void load(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, block, 0, length);
        Arrays.fill(block, length, BLOCK_LENGTH, (byte) 0);
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) WORDS.get(block, i * Integer.BYTES);
        }
    }

    private void compress(int hashed, boolean isLast) {
        System.arraycopy(state, 0, work, 0, 8);
        System.arraycopy(IV, 0, work, 8, 8);
        work[12] ^= hashed;
        if (isLast) {
            work[14] = ~work[14];
        }
        for (int round = 0; round < ROUNDS; round++) {
            int order = round * 16;
            mix(0, 4, 8, 12, order);
            mix(1, 5, 9, 13, order + 2);
            mix(2, 6, 10, 14, order + 4);
            mix(3, 7, 11, 15, order + 6);
            mix(0, 5, 10, 15, order + 8);
            mix(1, 6, 11, 12, order + 10);
            mix(2, 7, 8, 13, order + 12);
            mix(3, 4, 9, 14, order + 14);
        }
        for (int i = 0; i < state.length; i++) {
            state[i] ^= work[i] ^ work[i + 8];
        }
    }

    private void mix(int a, int b, int c, int d, int order) {
        int wa = work[a] + work[b] + words[SIGMA[order]];
        int wd = Integer.rotateRight(work[d] ^ wa, 16);
        int wc = work[c] + wd;
        int wb = Integer.rotateRight(work[b] ^ wc, 12);
        wa += wb + words[SIGMA[order + 1]];
        wd = Integer.rotateRight(wd ^ wa, 8);
        wc += wd;
        work[a] = wa;
        work[d] = wd;
        work[c] = wc;
        work[b] = Integer.rotateRight(wb ^ wc, 7);
    }
}
