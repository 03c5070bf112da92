package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as two numbers: an IPv4 address stands in the low 32 bits of {@code low}, {@code high} is
 * zero.
 *
 * <p>Thread: any; immutable.
 */
public record IpAddress(boolean isIpv6, long high, long low) {
    /** Parses a literal address, never a name; null when the text is none. An IPv4-mapped IPv6 address becomes IPv4. */
    public static @Nullable IpAddress parse(String text) {
        return IpText.parse(text);
    }

    /** From 4 or 16 bytes in network order. */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == 4) {
            return new IpAddress(false, 0, bits(bytes, 0, 4));
        }
        return new IpAddress(true, bits(bytes, 0, 8), bits(bytes, 8, 8));
    }

    /** 4 or 16 bytes in network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[isIpv6 ? 16 : 4];
        for (int i = 0; i < bytes.length; i++) {
            int shift = 8 * (bytes.length - 1 - i);
            bytes[i] = (byte) (shift >= 64 ? high >> shift - 64 : low >> shift);
        }
        return bytes;
    }

    /** Whether one host may have it: neither multicast nor the unspecified address. */
    public boolean isUnicast() {
        return isIpv6 ? high >>> 56 != 0xff && (high | low) != 0 : low >>> 28 < 0xe && low != 0;
    }

    /** Width of the address in bits. */
    public int width() {
        return isIpv6 ? 128 : 32;
    }

    private static long bits(byte[] bytes, int offset, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits = bits << 8 | bytes[offset + i] & 0xff;
        }
        return bits;
    }

    /** The canonical text; IPv6 compressed as RFC 5952 says. */
    @Override
    public String toString() {
        if (!isIpv6) {
            return (low >> 24)
                    + "."
                    + (low >> 16 & 255)
                    + "."
                    + (low >> 8 & 255)
                    + "."
                    + (low & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? high >> 48 - 16 * i : low >> 48 - 16 * (i - 4)) & 0xffff);
        }
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = i;
                bestLength = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
