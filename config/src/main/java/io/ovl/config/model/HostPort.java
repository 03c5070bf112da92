package io.ovl.config.model;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * An endpoint as a configuration names it: a host name or a literal address, and a port.
 *
 * <p>Thread: any; immutable.
 */
public record HostPort(String host, int port) {
    /** RFC 1035 §2.3.4, and the final dot: no name is longer, and the pattern recurses once for each label. */
    private static final int MAX_NAME_LENGTH = 254;

    /** RFC 1123 §2.1 labels; underscores and a final dot appear in practice. */
    private static final Pattern NAME = Pattern.compile("\\w[\\w-]{0,62}(\\.[\\w-]{1,63})*\\.?");

    /**
     * Parses {@code HOST:PORT} or {@code [IPV6]:PORT}, the IPv6 address with or without scope; null when the text is
     * neither.
     */
    public static @Nullable HostPort parse(String text) {
        boolean isBracketed = text.startsWith("[");
        int hostEnd = isBracketed ? text.indexOf(']') : text.lastIndexOf(':');
        int colon = isBracketed ? hostEnd + 1 : hostEnd;
        if (hostEnd < 0 || colon >= text.length() || text.charAt(colon) != ':') {
            return null;
        }
        String host = text.substring(isBracketed ? 1 : 0, hostEnd);
        int port = Decimal.parse(text.substring(colon + 1), 65_535);
        boolean isValid = isBracketed ? isIpv6(host) : isIpv4OrName(host);
        return port < 0 || !isValid ? null : new HostPort(host, port);
    }

    private static boolean isIpv6(String host) {
        int percent = host.indexOf('%');
        String address = percent < 0 ? host : host.substring(0, percent);
        boolean hasScope = percent >= 0 && percent < host.length() - 1;
        return address.indexOf(':') >= 0
                && IpAddress.parse(address) != null
                && (percent < 0 || hasScope);
    }

    private static boolean isIpv4OrName(String host) {
        if (host.length() > MAX_NAME_LENGTH) {
            return false;
        }
        // All digits and dots is an address or a mistake, never a name that a resolver should be
        // asked for.
        boolean isNumeric = host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        return isNumeric ? IpAddress.parse(host) != null : NAME.matcher(host).matches();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
