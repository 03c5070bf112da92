package io.ovl.config.model;

/**
 * Unsigned decimal numbers: digits and nothing else, no sign, no space.
 *
 * <p>Thread: any; without state. Errors: -1 for text that is no number up to the maximum.
 */
public final class Decimal {
    private Decimal() {}

    /** Parses the whole text; -1 when it is no number from 0 to {@code max}. */
    public static int parse(CharSequence text, int max) {
        long value = text.isEmpty() ? -1 : 0;
        for (int i = 0; i < text.length() && value >= 0; i++) {
            value = append(value, text.charAt(i), max);
        }
        return (int) value;
    }

    /** Parses ASCII digits from {@code start} to {@code end}; -1 when they are no number from 0 to {@code max}. */
    public static long parse(byte[] text, int start, int end, long max) {
        long value = start == end ? -1 : 0;
        for (int i = start; i < end && value >= 0; i++) {
            value = append(value, text[i], max);
        }
        return value;
    }

    private static long append(long value, int digit, long max) {
        if (digit < '0' || digit > '9') {
            return -1;
        }
        long next = value * 10 + digit - '0';
        return next > max ? -1 : next;
    }
}
