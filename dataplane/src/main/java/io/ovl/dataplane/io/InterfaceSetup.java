package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives an interface its addresses, MTU and routes with the host's {@code ip} tool, changes them, and takes them back.
 *
 * <p>Deviation: unlike {@code wg-quick} no firewall rules are added: with a default route through the tunnel and strict
 * reverse path filtering (rp_filter=1) set that to loose (2), which systemd has as its default.
 *
 * <p>Thread: one owner, in the network namespace of the interface. Errors: {@link #apply} and {@link #change} have
 * undone everything when they throw; what can no longer be undone on {@link #close}, such as on an interface that is
 * gone, is left.
 */
public final class InterfaceSetup implements AutoCloseable {
    private static final String STANDARD_INPUT = "-";
    private static final Pattern FAILED_LINE = Pattern.compile("Command failed -:(\\d+)");
    private static final Pattern RULE_PREFERENCE = Pattern.compile("(\\d+):.*");
    private static final int FIRST_TUNNEL_TABLE = 51820;
    private static final long MAIN_RULE_PREFERENCE = 32766;
    private static final int DEFAULT_UNDERLAY_MTU = 1500;

    /** What WireGuard adds to a packet over IPv6, the larger of the two. */
    private static final int MAX_OVERHEAD = 80;

    /**
     * Addresses for documentation (RFC 5737, RFC 3849): routed as everything that no route but the default one knows.
     */
    private static final List<IpAddress> ANYWHERE =
            List.of(
                    IpAddress.of(new byte[] {(byte) 192, 0, 2, 1}),
                    IpAddress.of(new byte[] {(byte) 203, 0, 113, 1}),
                    new IpAddress(true, 0x20010db8_00000000L, 1));

    private final SequencedSet<String> done4 = new LinkedHashSet<>();
    private final SequencedSet<String> done6 = new LinkedHashSet<>();
    private int fwmark;
    private long preference4;
    private long preference6;

    /** Does it all, in the network namespace of the calling thread. */
    public static InterfaceSetup apply(InterfacePlan plan) throws DeviceException {
        InterfaceSetup setup = new InterfaceSetup();
        try {
            setup.change(plan);
            return setup;
        } catch (DeviceException e) {
            setup.close();
            throw e;
        }
    }

    /**
     * Makes the interface what another plan for it says, all or nothing. What both plans have in common is not touched,
     * but for a family's routes when an address of it goes: the kernel drops them with the last one.
     */
    public void change(InterfacePlan plan) throws DeviceException {
        int mark = markFor(plan);
        int mtu = plan.mtu() > 0 ? plan.mtu() : underlayMtu(plan) - MAX_OVERHEAD;
        List<String> before4 = List.copyOf(done4);
        List<String> before6 = List.copyOf(done6);
        try {
            reconcile(false, commands(plan, false, mark, mtu));
            reconcile(true, commands(plan, true, mark, mtu));
            fwmark = mark;
        } catch (DeviceException e) {
            restore(true, before6);
            restore(false, before4);
            throw e;
        }
    }

    private List<String> commands(InterfacePlan plan, boolean isIpv6, int mark, int mtu)
            throws DeviceException {
        List<String> commands = new ArrayList<>(InterfaceCommands.addresses(plan, isIpv6));
        if (!isIpv6) {
            commands.add(InterfaceCommands.link(plan, mtu));
        }
        if (plan.setsRoutes()) {
            long table = Integer.toUnsignedLong(mark);
            long preference = plan.isFullTunnel(isIpv6) ? preference(isIpv6) : 0;
            commands.addAll(InterfaceCommands.routes(plan, isIpv6, table, preference));
        }
        return commands;
    }

    private void reconcile(boolean isIpv6, List<String> wantedInOrder) throws DeviceException {
        SequencedSet<String> wanted = new LinkedHashSet<>(wantedInOrder);
        SequencedSet<String> done = isIpv6 ? done6 : done4;
        boolean losesAddress =
                done.stream().anyMatch(c -> InterfaceCommands.isAddress(c) && !wanted.contains(c));
        List<String> stale =
                done.stream()
                        .filter(
                                command ->
                                        !wanted.contains(command)
                                                || losesAddress
                                                        && InterfaceCommands.isRoute(command))
                        .toList();
        stale.forEach(done::remove);
        // Another MTU is set without setting the interface down first.
        boolean keepsLink = wanted.stream().anyMatch(InterfaceCommands::isLink);
        undo(
                isIpv6,
                stale.stream()
                        .filter(command -> !keepsLink || !InterfaceCommands.isLink(command))
                        .toList());
        batch(isIpv6, wanted.stream().filter(command -> !done.contains(command)).toList());
    }

    private void restore(boolean isIpv6, List<String> before) {
        try {
            reconcile(isIpv6, before);
        } catch (DeviceException e) {
            // Whoever changes the same interface at the same time has the last word.
        }
    }

    /**
     * The mark that the UDP sockets need before the plan is applied: its own, or one of a free table where all traffic
     * is to go through the interface; else 0.
     */
    public int markFor(InterfacePlan plan) throws DeviceException {
        boolean isFullTunnel = plan.isFullTunnel(false) || plan.isFullTunnel(true);
        if (plan.fwmark() != 0 || !isFullTunnel) {
            return plan.fwmark();
        }
        return fwmark == 0 ? freeTable() : fwmark;
    }

    /** The mark that the UDP sockets have to carry, 0 for none: the plan's, or one that had to be chosen. */
    public int fwmark() {
        return fwmark;
    }

    private static int underlayMtu(InterfacePlan plan) throws DeviceException {
        int mtu = 0;
        try (RouteQuery routes = RouteQuery.open()) {
            for (IpAddress endpoint : plan.endpoints()) {
                mtu = Math.max(mtu, routes.outputMtu(endpoint));
            }
            if (mtu <= 0) {
                mtu = mtuOfAnywhere(routes);
            }
        }
        return mtu == 0 ? DEFAULT_UNDERLAY_MTU : mtu;
    }

    /** Of the first that is not this host itself: documentation and labs do use these addresses. */
    private static int mtuOfAnywhere(RouteQuery routes) {
        List<IpAddress> own = routes.addresses();
        return ANYWHERE.stream()
                .filter(address -> !own.contains(address))
                .mapToInt(routes::outputMtu)
                .filter(mtu -> mtu > 0)
                .findFirst()
                .orElse(0);
    }

    private static int freeTable() throws DeviceException {
        int table = FIRST_TUNNEL_TABLE;
        while (isTableUsed("-4", table) || isTableUsed("-6", table)) {
            table++;
        }
        return table;
    }

    private static boolean isTableUsed(String family, int table) throws DeviceException {
        HostCommand shown =
                HostCommand.run(
                        "", "ip", family, "route", "show", "table", Integer.toString(table));
        // The tool fails when there is no such table yet.
        return shown.succeeded() && !shown.output().isBlank();
    }

    private long preference(boolean isIpv6) throws DeviceException {
        long chosen = isIpv6 ? preference6 : preference4;
        if (chosen == 0) {
            chosen = freePreference(isIpv6);
            preference6 = isIpv6 ? chosen : preference6;
            preference4 = isIpv6 ? preference4 : chosen;
        }
        return chosen;
    }

    /** The first of two free rule preferences before all others but the one for local addresses. */
    private static long freePreference(boolean isIpv6) throws DeviceException {
        long least = MAIN_RULE_PREFERENCE;
        for (String line : HostCommand.run("", "ip", family(isIpv6), "rule", "show").lines()) {
            Matcher rule = RULE_PREFERENCE.matcher(line);
            if (rule.matches() && Long.parseLong(rule.group(1)) > 2) {
                least = Math.min(least, Long.parseLong(rule.group(1)));
            }
        }
        return least - 2;
    }

    private void batch(boolean isIpv6, List<String> commands) throws DeviceException {
        if (commands.isEmpty()) {
            return;
        }
        HostCommand run =
                HostCommand.run(input(commands), "ip", family(isIpv6), "-batch", STANDARD_INPUT);
        SequencedSet<String> done = isIpv6 ? done6 : done4;
        if (run.succeeded()) {
            done.addAll(commands);
            return;
        }
        Matcher failed = FAILED_LINE.matcher(run.output());
        int line = failed.find() ? Integer.parseInt(failed.group(1)) : 1;
        done.addAll(commands.subList(0, line - 1));
        String answer = failed.replaceAll("").replaceAll("\\s+", " ").strip();
        throw new DeviceException(
                "ip " + family(isIpv6) + " " + commands.get(line - 1) + ": " + answer,
                0,
                InterfaceCommands.setting(commands.get(line - 1)));
    }

    private static String input(List<String> commands) {
        return String.join("\n", commands) + "\n";
    }

    private static String family(boolean isIpv6) {
        return isIpv6 ? "-6" : "-4";
    }

    /** Takes back what was done, last first. Idempotent. */
    @Override
    public void close() {
        undo(true, List.copyOf(done6));
        done6.clear();
        undo(false, List.copyOf(done4));
        done4.clear();
    }

    private static void undo(boolean isIpv6, List<String> done) {
        if (done.isEmpty()) {
            return;
        }
        String commands = input(InterfaceCommands.inverse(done));
        try {
            // Forced, or it would end at the first that went away with the interface.
            HostCommand.run(commands, "ip", "-force", family(isIpv6), "-batch", STANDARD_INPUT);
        } catch (DeviceException e) {
            // Without the tool nothing can be undone, and nothing could have been done.
        }
    }
}
