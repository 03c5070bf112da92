package io.ovl.crypto.key;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Base64 and hexadecimal text of 32-byte keys, in time that does not depend on the key's bits.
 *
 * <p>Text is bytes, never a {@code String}, so that it can be wiped.
 *
 * <p>Errors: {@link #decode} returns null for text that is no key; it says nothing of the text, which may be a secret.
 */
public final class KeyText {
    /** Length in bytes of a key in base64, the final {@code =} included. */
    public static final int BASE64_LENGTH = 44;

    /** Length in bytes of a key in hexadecimal. */
    public static final int HEX_LENGTH = 64;

    private KeyText() {}

    /**
     * Decodes exactly {@code BASE64_LENGTH} or {@code HEX_LENGTH} ASCII bytes, told apart by length; the caller wipes
     * the result.
     */
    public static byte @Nullable [] decode(byte[] text, int offset, int length) {
        byte[] key = new byte[SecretCell.LENGTH];
        boolean isValid =
                switch (length) {
                    case BASE64_LENGTH -> decodeBase64(text, offset, key);
                    case HEX_LENGTH -> decodeHex(text, offset, key);
                    default -> false;
                };
        if (!isValid) {
            Arrays.fill(key, (byte) 0);
            return null;
        }
        return key;
    }

    /** Encodes as base64; the caller wipes the result when the key is secret. */
    public static byte[] encodeBase64(byte[] key) {
        byte[] text = new byte[BASE64_LENGTH];
        for (int i = 0; i < 10; i++) {
            encodeGroup(
                    text,
                    4 * i,
                    (key[3 * i] & 0xff) << 16
                            | (key[3 * i + 1] & 0xff) << 8
                            | key[3 * i + 2] & 0xff);
        }
        encodeGroup(text, 40, (key[30] & 0xff) << 16 | (key[31] & 0xff) << 8);
        text[43] = '=';
        return text;
    }

    /** Encodes as lower-case hexadecimal; the caller wipes the result when the key is secret. */
    public static byte[] encodeHex(byte[] key) {
        byte[] text = new byte[HEX_LENGTH];
        for (int i = 0; i < key.length; i++) {
            text[2 * i] = (byte) hexDigit(key[i] >> 4 & 15);
            text[2 * i + 1] = (byte) hexDigit(key[i] & 15);
        }
        return text;
    }

    private static boolean decodeBase64(byte[] text, int offset, byte[] key) {
        int bad = text[offset + 43] ^ '=';
        for (int i = 0; i < 11; i++) {
            int group = 0;
            for (int j = 0; j < 4; j++) {
                boolean isPadding = i == 10 && j == 3;
                int value = isPadding ? 0 : base64Value(text[offset + 4 * i + j]);
                bad |= value & ~63;
                group = group << 6 | value & 63;
            }
            key[3 * i] = (byte) (group >> 16);
            key[3 * i + 1] = (byte) (group >> 8);
            if (i < 10) {
                key[3 * i + 2] = (byte) group;
            } else {
                bad |= group & 0xff;
            }
        }
        return bad == 0;
    }

    private static boolean decodeHex(byte[] text, int offset, byte[] key) {
        int bad = 0;
        for (int i = 0; i < key.length; i++) {
            int high = hexValue(text[offset + 2 * i]);
            int low = hexValue(text[offset + 2 * i + 1]);
            bad |= (high | low) & ~15;
            key[i] = (byte) (high << 4 | low & 15);
        }
        return bad == 0;
    }

    private static void encodeGroup(byte[] text, int offset, int group) {
        for (int j = 0; j < 4; j++) {
            text[offset + j] = (byte) base64Digit(group >> 18 - 6 * j & 63);
        }
    }

    /** All ones where {@code low <= value <= high}, else zero, without a branch. */
    private static int maskIfWithin(int value, int low, int high) {
        return (low - 1 - value & value - high - 1) >> 31;
    }

    private static int base64Value(int c) {
        int value = -1;
        value += maskIfWithin(c, 'A', 'Z') & c - 'A' + 1;
        value += maskIfWithin(c, 'a', 'z') & c - 'a' + 27;
        value += maskIfWithin(c, '0', '9') & c - '0' + 53;
        value += maskIfWithin(c, '+', '+') & 63;
        value += maskIfWithin(c, '/', '/') & 64;
        return value;
    }

    private static int hexValue(int c) {
        int value = -1;
        value += maskIfWithin(c, '0', '9') & c - '0' + 1;
        value += maskIfWithin(c, 'a', 'f') & c - 'a' + 11;
        value += maskIfWithin(c, 'A', 'F') & c - 'A' + 11;
        return value;
    }

    private static int base64Digit(int value) {
        return value
                + 'A'
                + (25 - value >> 31 & 'a' - 'Z' - 1)
                + (51 - value >> 31 & '0' - 'z' - 1)
                + (61 - value >> 31 & '+' - '9' - 1)
                + (62 - value >> 31 & '/' - '+' - 1);
    }

    private static int hexDigit(int value) {
        return value + '0' + (9 - value >> 31 & 'a' - '9' - 1);
    }
}
