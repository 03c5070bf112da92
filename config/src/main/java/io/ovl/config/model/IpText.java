package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * Literal IPv4 and IPv6 addresses as text, read as inet_pton(3) reads them and never looked up.
 *
 * <p>Thread: any; without state. Errors: null for text that is no literal address.
 */
final class IpText {
    private static final int GROUPS = 8;

    private IpText() {}

    static @Nullable IpAddress parse(String text) {
        return text.indexOf(':') < 0 ? parseIpv4(text, 0) : parseIpv6(text);
    }

    /** Four decimal numbers without leading zeros, which some programs would take for octal. */
    private static @Nullable IpAddress parseIpv4(String text, int start) {
        long bits = 0;
        int position = start;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (position >= text.length() || text.charAt(position++) != '.')) {
                return null;
            }
            int first = position;
            int value = 0;
            while (position < text.length() && isDigit(text.charAt(position))) {
                value = value * 10 + text.charAt(position++) - '0';
                if (value > 255) {
                    return null;
                }
            }
            boolean hasLeadingZero = position - first > 1 && text.charAt(first) == '0';
            if (position == first || hasLeadingZero) {
                return null;
            }
            bits = bits << 8 | value;
        }
        return position == text.length() ? new IpAddress(false, 0, bits) : null;
    }

    private static @Nullable IpAddress parseIpv6(String text) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int position = 0;
        if (text.startsWith("::")) {
            gap = 0;
            position = 2;
        }
        while (position < text.length()) {
            int end = text.indexOf(':', position);
            boolean isLast = end < 0;
            end = isLast ? text.length() : end;
            if (isLast && text.indexOf('.', position) >= 0) {
                IpAddress ipv4 = parseIpv4(text, position);
                if (ipv4 == null || count > GROUPS - 2) {
                    return null;
                }
                groups[count++] = (int) (ipv4.low() >> 16);
                groups[count++] = (int) (ipv4.low() & 0xffff);
                break;
            }
            int group = parseGroup(text, position, end);
            if (group < 0 || count == GROUPS) {
                return null;
            }
            groups[count++] = group;
            position = end;
            if (!isLast) {
                position++;
                if (position == text.length()) {
                    return null;
                }
                if (text.charAt(position) == ':') {
                    if (gap >= 0) {
                        return null;
                    }
                    gap = count;
                    position++;
                }
            }
        }
        if (gap < 0 ? count != GROUPS : count == GROUPS) {
            return null;
        }
        return assemble(groups, count, gap);
    }

    private static int parseGroup(String text, int start, int end) {
        if (end == start || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static IpAddress assemble(int[] groups, int count, int gap) {
        long high = 0;
        long low = 0;
        int zeros = GROUPS - count;
        for (int i = 0; i < GROUPS; i++) {
            int value;
            if (gap < 0 || i < gap) {
                value = groups[i];
            } else {
                value = i < gap + zeros ? 0 : groups[i - zeros];
            }
            if (i < 4) {
                high = high << 16 | value;
            } else {
                low = low << 16 | value;
            }
        }
        boolean isMapped = high == 0 && low >>> 32 == 0xffff;
        return isMapped
                ? new IpAddress(false, 0, low & 0xffff_ffffL)
                : new IpAddress(true, high, low);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
