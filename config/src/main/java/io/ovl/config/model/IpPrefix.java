package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

/**
 * An address with a prefix length. {@link #masked} is the network it names; an interface address keeps its host bits.
 *
 * <p>Thread: any; immutable. Units: {@code length} is bits.
 */
public record IpPrefix(IpAddress address, int length) {
    /** Parses {@code ADDRESS[/LENGTH]}; null when the text is none. Without a length the whole address counts. */
    public static @Nullable IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        if (slash < 0) {
            return new IpPrefix(address, address.width());
        }
        String digits = text.substring(slash + 1);
        if (digits.isEmpty()
                || digits.length() > 3
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        int length = Integer.parseInt(digits);
        return length > address.width() ? null : new IpPrefix(address, length);
    }

    /** The same prefix with its host bits zero. */
    public IpPrefix masked() {
        int low = address.isIpv6() ? Math.max(0, length - 64) : length + 32;
        long highMask = address.isIpv6() ? mask(Math.min(64, length)) : 0;
        long lowMask = mask(low);
        // Tables hold masked ones by the hundred thousand: they share what was read.
        if ((address.high() & ~highMask) == 0 && (address.low() & ~lowMask) == 0) {
            return this;
        }
        return new IpPrefix(
                new IpAddress(address.isIpv6(), address.high() & highMask, address.low() & lowMask),
                length);
    }

    /** Whether the address lies in the network that the prefix names. */
    public boolean contains(IpAddress other) {
        return other.isIpv6() == address.isIpv6()
                && new IpPrefix(other, length).masked().equals(masked());
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << 64 - bits;
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
