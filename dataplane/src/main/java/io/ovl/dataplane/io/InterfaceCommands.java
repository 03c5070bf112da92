package io.ovl.dataplane.io;

import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.Setting;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The commands for one address family that make an interface what an {@link InterfacePlan} says, for {@code ip -batch}.
 *
 * <p>A default route goes into a table of its own, which a rule gives to all packets without the daemon's mark; a rule
 * before that one lets the main table answer first, but for its own default route ({@code suppress_prefixlength 0}).
 *
 * <p>Thread: any; no state.
 */
final class InterfaceCommands {
    private InterfaceCommands() {}

    static List<String> addresses(InterfacePlan plan, boolean isIpv6) {
        return plan.addresses().stream()
                .filter(address -> address.address().isIpv6() == isIpv6)
                .map(address -> "address add " + address + " dev " + plan.name())
                .toList();
    }

    static String link(InterfacePlan plan, int mtu) {
        return "link set dev " + plan.name() + " mtu " + mtu + " up";
    }

    static boolean isAddress(String command) {
        return command.startsWith("address ");
    }

    static boolean isLink(String command) {
        return command.startsWith("link ");
    }

    static boolean isRoute(String command) {
        return command.startsWith("route ");
    }

    /**
     * The routes, longest prefix first.
     *
     * @param tunnelTable number of the table for default routes, also the mark that keeps packets out of it
     * @param preference of the first of two rules for it
     */
    static List<String> routes(
            InterfacePlan plan, boolean isIpv6, long tunnelTable, long preference) {
        List<String> commands = new ArrayList<>();
        List<IpPrefix> routes =
                plan.routes().stream()
                        .map(IpPrefix::masked)
                        .filter(route -> route.address().isIpv6() == isIpv6)
                        .distinct()
                        .sorted(Comparator.comparingInt(IpPrefix::length).reversed())
                        .toList();
        for (IpPrefix route : routes) {
            String add = "route add " + route + " dev " + plan.name();
            if (!plan.isTableAuto()) {
                commands.add(add + " table " + plan.table());
            } else if (route.length() == 0) {
                commands.add(add + " table " + tunnelTable);
                commands.add("rule add pref " + preference + " table main suppress_prefixlength 0");
                commands.add(
                        "rule add pref "
                                + (preference + 1)
                                + " not fwmark "
                                + tunnelTable
                                + " table "
                                + tunnelTable);
            } else if (!isConnected(plan, route)) {
                commands.add(add);
            }
        }
        return commands;
    }

    /** Adding the address has made this route or one that covers it. */
    private static boolean isConnected(InterfacePlan plan, IpPrefix route) {
        return plan.addresses().stream()
                .filter(address -> address.address().isIpv6() == route.address().isIpv6())
                .filter(address -> address.length() < address.address().width())
                .filter(address -> address.length() <= route.length())
                .anyMatch(
                        address ->
                                new IpPrefix(route.address(), address.length())
                                        .masked()
                                        .equals(address.masked()));
    }

    /** What asks for the command; null for a route, which a peer's AllowedIPs and Table ask for together. */
    static @Nullable Setting setting(String command) {
        if (isAddress(command)) {
            return Setting.ofInterface("Address");
        }
        return isLink(command) ? Setting.ofInterface("MTU") : null;
    }

    /** What undoes the commands, last first. */
    static List<String> inverse(List<String> commands) {
        List<String> inverse = new ArrayList<>();
        for (String command : commands.reversed()) {
            inverse.add(
                    isLink(command)
                            ? command.replaceAll(" mtu \\d+ up$", " down")
                            : command.replaceFirst(" add ", " delete "));
        }
        return inverse;
    }
}
