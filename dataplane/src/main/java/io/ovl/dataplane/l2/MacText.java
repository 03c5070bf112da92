package io.ovl.dataplane.l2;

import java.util.regex.Pattern;

/**
 * MAC addresses as text: six pairs of hexadecimal digits with colons.
 *
 * <p>Thread: any; stateless.
 */
public final class MacText {
    private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

    private MacText() {}

    /** The address in the low 48 bits, -1 when the text is none. */
    public static long parse(String text) {
        return MAC.matcher(text).matches() ? Long.parseLong(text.replace(":", ""), 16) : -1;
    }

    /** Lower case, as {@code ip} and {@code bridge} print it. */
    public static String format(long mac) {
        StringBuilder text = new StringBuilder(17);
        for (int shift = 40; shift >= 0; shift -= 8) {
            int octet = (int) (mac >> shift) & 0xff;
            text.append(Character.forDigit(octet >> 4, 16));
            text.append(Character.forDigit(octet & 0xf, 16));
            if (shift > 0) {
                text.append(':');
            }
        }
        return text.toString();
    }
}
