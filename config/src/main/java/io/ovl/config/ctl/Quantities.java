package io.ovl.config.ctl;

import java.util.Locale;

/**
 * Times and amounts in {@code wg}'s words.
 *
 * <p>Thread: any.
 */
final class Quantities {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final String[] TIME_UNITS = {"year", "day", "hour", "minute", "second"};
    private static final long[] TIME_UNIT_SECONDS = {365 * 86_400L, 86_400, 3_600, 60, 1};

    private Quantities() {}

    /** {@code 1023 B}, {@code 1.50 MiB}. */
    static String bytes(long count, SgrText sgr) {
        if (count < 1024) {
            return count + " " + sgr.cyan("B");
        }
        int unit = Math.min((63 - Long.numberOfLeadingZeros(count)) / 10, BYTE_UNITS.length - 1);
        double amount = (double) count / (1L << 10 * unit);
        return String.format(Locale.ROOT, "%.2f ", amount) + sgr.cyan(BYTE_UNITS[unit]);
    }

    /** {@code 1 hour, 2 minutes, 3 seconds}. */
    static String seconds(long seconds, SgrText sgr) {
        StringBuilder text = new StringBuilder();
        long left = seconds;
        for (int i = 0; i < TIME_UNITS.length; i++) {
            long count = left / TIME_UNIT_SECONDS[i];
            left %= TIME_UNIT_SECONDS[i];
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ")
                        .append(count)
                        .append(' ')
                        .append(sgr.cyan(TIME_UNITS[i] + (count == 1 ? "" : "s")));
            }
        }
        return text.isEmpty() ? "0 " + sgr.cyan("seconds") : text.toString();
    }

    /** The largest unit only: {@code 2h}, {@code 35s}. */
    static String age(long seconds) {
        for (int i = 0; i < TIME_UNITS.length; i++) {
            if (seconds >= TIME_UNIT_SECONDS[i]) {
                return seconds / TIME_UNIT_SECONDS[i] + TIME_UNITS[i].substring(0, 1);
            }
        }
        return "0s";
    }
}
