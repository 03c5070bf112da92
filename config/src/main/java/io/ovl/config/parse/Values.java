package io.ovl.config.parse;

import io.ovl.config.model.Decimal;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Pattern;

/** Reads single values. Errors: null, with the problem reported. */
final class Values {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,10})\\s*(s|sec|m|min|h|d)?");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]{1,8}");

    static final String NAME_ALLOWED =
            "Allowed: 1 to 63 letters, digits, '.', '_' and '-', not beginning with '.' or '-'.";

    private Values() {}

    static @Nullable Boolean bool(ConfigValue value) {
        return switch (value.text().toLowerCase(Locale.ROOT)) {
            case "yes", "true", "on", "1" -> true;
            case "no", "false", "off", "0" -> false;
            default -> {
                value.rejectAs(BadConfigReason.INVALID_CHOICE, "yes or no", "Allowed: yes, no.");
                yield null;
            }
        };
    }

    static @Nullable Integer number(ConfigValue value, int min, int max) {
        int number = Decimal.parse(value.text(), max);
        if (number < min) {
            String range = "a number from " + min + " to " + max;
            value.rejectAs(BadConfigReason.INVALID_NUMBER, range, "Allowed: " + range + ".");
            return null;
        }
        return number;
    }

    /** A number, or a word that stands for zero. */
    static @Nullable Integer numberOrOff(ConfigValue value, int max) {
        if (value.text().equalsIgnoreCase("off")) {
            return 0;
        }
        int number = Decimal.parse(value.text(), max);
        if (number < 0) {
            String range = "off or a number up to " + max;
            value.rejectAs(BadConfigReason.INVALID_NUMBER, range, "Allowed: " + range + ".");
            return null;
        }
        return number;
    }

    static @Nullable Integer fwmark(ConfigValue value) {
        String text = value.text();
        if (text.equalsIgnoreCase("off")) {
            return 0;
        }
        long mark = -1;
        if (HEXADECIMAL.matcher(text).matches()) {
            mark = Long.parseLong(text, 2, text.length(), 16);
        } else {
            mark =
                    Decimal.parse(
                            value.bytes(),
                            value.offset(),
                            value.offset() + value.length(),
                            0xffff_ffffL);
        }
        if (mark < 0) {
            value.rejectAs(
                    BadConfigReason.INVALID_NUMBER,
                    "a firewall mark",
                    "Allowed: off, a number from 0 to 4294967295, or 0x0 to 0xffffffff.");
            return null;
        }
        return (int) mark;
    }

    /** An MTU; null without a problem for {@code auto}. */
    static @Nullable Integer mtu(ConfigValue value) {
        if (value.text().equalsIgnoreCase("auto")) {
            return null;
        }
        int mtu = Decimal.parse(value.text(), 65_535);
        if (mtu < 68) {
            value.rejectAs(
                    BadConfigReason.INVALID_NUMBER,
                    "an MTU",
                    "Allowed: auto, or a number of bytes from 68 to 65535.");
            return null;
        }
        return mtu;
    }

    static @Nullable Integer seconds(ConfigValue value) {
        String text = value.text().toLowerCase(Locale.ROOT);
        if (text.equals("off")) {
            return 0;
        }
        var matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            String unit = matcher.group(2) == null ? "s" : matcher.group(2);
            long factor =
                    switch (unit) {
                        case "m", "min" -> 60;
                        case "h" -> 3600;
                        case "d" -> 86_400;
                        default -> 1;
                    };
            long seconds = Long.parseLong(matcher.group(1)) * factor;
            if (seconds <= 1_000_000_000) {
                return (int) seconds;
            }
        }
        value.rejectAs(
                BadConfigReason.INVALID_DURATION,
                "a duration",
                "Allowed: off, or a number of s, m, h or d, such as 300s.");
        return null;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The name of a peer or a segment. */
    static @Nullable String name(ConfigValue value) {
        String name = value.text();
        if (!isName(name)) {
            value.rejectAs(BadConfigReason.INVALID_NAME, "a name", NAME_ALLOWED);
            return null;
        }
        return name;
    }

    static @Nullable InterfaceName interfaceName(ConfigValue value) {
        InterfaceName name = InterfaceName.parse(value.text());
        if (name == null) {
            value.rejectAs(
                    BadConfigReason.INVALID_NAME,
                    "the name of an interface",
                    "Allowed: " + InterfaceName.ALLOWED + ".");
        }
        return name;
    }

    static @Nullable IpPrefix prefix(ConfigValue value) {
        IpPrefix prefix = IpPrefix.parse(value.text());
        if (prefix == null) {
            value.rejectAs(
                    BadConfigReason.INVALID_ADDRESS,
                    "an address with a prefix length",
                    "Allowed: ADDRESS/LENGTH, such as 10.77.0.2/32 or fd00::/64.");
        }
        return prefix;
    }

    static @Nullable IpAddress address(ConfigValue value) {
        IpAddress address = IpAddress.parse(value.text());
        if (address == null) {
            value.rejectAs(
                    BadConfigReason.INVALID_ADDRESS,
                    "an address",
                    "Allowed: an IPv4 or IPv6 address, such as 10.77.0.2.");
        }
        return address;
    }

    static @Nullable HostPort endpoint(ConfigValue value) {
        HostPort endpoint = HostPort.parse(value.text());
        if (endpoint == null || endpoint.port() == 0) {
            value.rejectAs(
                    BadConfigReason.INVALID_ENDPOINT,
                    "an endpoint",
                    "Allowed: HOST:PORT, IPV4:PORT or [IPV6]:PORT, the port from 1 to 65535.");
            return null;
        }
        return endpoint;
    }

    /** The underlay address of a VTEP, the port 4789 unless it is given. */
    static @Nullable UdpAddress vtep(ConfigValue value) {
        String text = value.text();
        UdpAddress address = UdpAddress.parse(text);
        if (address == null) {
            String host = text.indexOf(':') >= 0 ? "[" + text + "]" : text;
            address = UdpAddress.parse(host + ":" + SegmentSection.VXLAN_PORT);
        }
        if (address == null || address.port() == 0 || !address.ip().isUnicast()) {
            value.rejectAs(
                    BadConfigReason.INVALID_ADDRESS,
                    "the unicast address of a VTEP",
                    "Allowed: IPV4, IPV6, IPV4:PORT or [IPV6]:PORT; without a port it is "
                            + SegmentSection.VXLAN_PORT
                            + ".");
            return null;
        }
        return address;
    }
}
