package io.ovl.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damages text as fuzzers do, the same way for the same seed: bytes changed, pieces lost, repeated, cut off or taken
 * from another text.
 */
public final class Mutations {
    private static final int MAX_STEPS = 6;
    private static final byte[] TELLING =
            "\n\n\n\t \0=:,/#;[]\"'%@.-+09afzZ\u007f\u0080\u00ff"
                    .getBytes(StandardCharsets.ISO_8859_1);

    private final List<byte[]> texts;
    private final SplittableRandom random;

    public Mutations(List<byte[]> texts, long seed) {
        this.texts = texts;
        random = new SplittableRandom(seed);
    }

    public byte[] next() {
        byte[] text = any();
        for (int steps = 1 + random.nextInt(MAX_STEPS); steps > 0; steps--) {
            text = damage(text);
        }
        return text;
    }

    private byte[] damage(byte[] text) {
        int at = random.nextInt(text.length + 1);
        int end = Math.min(text.length, at + random.nextInt(40));
        return switch (random.nextInt(7)) {
            case 0 -> join(text, at, new byte[] {(byte) random.nextInt(256)}, at);
            case 1 -> join(text, at, new byte[] {TELLING[random.nextInt(TELLING.length)]}, at);
            case 2 -> join(text, at, new byte[0], end);
            case 3 -> join(text, end, Arrays.copyOfRange(text, at, end), end);
            case 4 -> Arrays.copyOf(text, at);
            case 5 -> join(text, at, piece(), end);
            default -> flip(text, at);
        };
    }

    private byte[] flip(byte[] text, int at) {
        byte[] flipped = text.clone();
        if (at < flipped.length) {
            flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] piece() {
        byte[] other = any();
        int at = random.nextInt(other.length + 1);
        return Arrays.copyOfRange(other, at, Math.min(other.length, at + random.nextInt(80)));
    }

    private byte[] any() {
        return texts.get(random.nextInt(texts.size()));
    }

    /** The text up to one place, a piece, and the text from another place on. */
    private static byte[] join(byte[] text, int end, byte[] piece, int start) {
        byte[] joined = new byte[end + piece.length + text.length - start];
        System.arraycopy(text, 0, joined, 0, end);
        System.arraycopy(piece, 0, joined, end, piece.length);
        System.arraycopy(text, start, joined, end + piece.length, text.length - start);
        return joined;
    }
}
