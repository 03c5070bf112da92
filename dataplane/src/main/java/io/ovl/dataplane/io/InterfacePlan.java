package io.ovl.dataplane.io;

import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What an interface is to become, as {@code wg-quick} understands its file.
 *
 * <p>Thread: any; immutable. Errors: IllegalArgumentException for a name or table that the {@code ip} tool would read
 * as something else.
 *
 * @param mtu 0: that of the underlay less 80
 * @param table {@code auto}, {@code off}, or a routing table's number or name
 * @param routes the peers' AllowedIPs
 * @param endpoints the peers' addresses on the underlay, which tell its MTU
 * @param fwmark 0: one is chosen when a default route needs it
 */
public record InterfacePlan(
        String name,
        List<IpPrefix> addresses,
        int mtu,
        String table,
        List<IpPrefix> routes,
        List<IpAddress> endpoints,
        int fwmark) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_=+.@-]+");

    public InterfacePlan {
        if (!WORD.matcher(name).matches() || name.startsWith("-")) {
            throw new IllegalArgumentException("interface name \"" + name + "\"");
        }
        if (!WORD.matcher(table).matches() || table.startsWith("-")) {
            throw new IllegalArgumentException("routing table \"" + table + "\"");
        }
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        endpoints = List.copyOf(endpoints);
    }

    /** The same plan with a mark. */
    public InterfacePlan withFwmark(int mark) {
        return new InterfacePlan(name, addresses, mtu, table, routes, endpoints, mark);
    }

    boolean setsRoutes() {
        return !table.equals(InterfaceSection.TABLE_OFF);
    }

    boolean isTableAuto() {
        return table.equals(InterfaceSection.TABLE_AUTO);
    }

    /**
     * Whether all traffic of that family is to go through the interface, around which the underlay then has to be led.
     */
    boolean isFullTunnel(boolean isIpv6) {
        return isTableAuto()
                && routes.stream()
                        .anyMatch(
                                route -> route.length() == 0 && route.address().isIpv6() == isIpv6);
    }
}
