package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives an interface its addresses, MTU and routes with the host's {@code ip} tool, and takes them back.
 *
 * <p>Deviation: unlike {@code wg-quick} no firewall rules are added: with a default route through the tunnel and strict reverse path
 * filtering (rp_filter=1) set that to loose (2), which systemd has as its default.
 *
 * <p>Thread: one owner. Errors: {@link #apply} has undone everything when it throws; what can no longer be undone on {@link #close}, such
 * as on an interface that is gone, is left.
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

    /** Addresses for documentation (RFC 5737, RFC 3849): routed as everything that no route but the default one knows. */
    private static final List<IpPrefix> ANYWHERE =
            List.of(
                    new IpPrefix(IpAddress.of(new byte[] {(byte) 192, 0, 2, 1}), 32),
                    new IpPrefix(new IpAddress(true, 0x20010db8_00000000L, 1), 128));

    private final List<String> done4 = new ArrayList<>();
    private final List<String> done6 = new ArrayList<>();
    private int fwmark;

    private InterfaceSetup(int fwmark) {
        this.fwmark = fwmark;
    }

    /** Does it all, in the network namespace of the calling thread. */
    public static InterfaceSetup apply(InterfacePlan plan) throws DeviceException {
        InterfaceSetup setup = new InterfaceSetup(plan.fwmark());
        try {
            setup.run(plan);
            return setup;
        } catch (DeviceException e) {
            setup.close();
            throw e;
        }
    }

    private void run(InterfacePlan plan) throws DeviceException {
        batch(false, InterfaceCommands.addresses(plan, false));
        batch(true, InterfaceCommands.addresses(plan, true));
        int mtu = plan.mtu() > 0 ? plan.mtu() : underlayMtu(plan) - MAX_OVERHEAD;
        batch(false, List.of("link set dev " + plan.name() + " mtu " + mtu + " up"));
        if (!plan.setsRoutes()) {
            return;
        }
        if (fwmark == 0 && (plan.isFullTunnel(false) || plan.isFullTunnel(true))) {
            fwmark = freeTable();
        }
        long table = Integer.toUnsignedLong(fwmark);
        batch(false, InterfaceCommands.routes(plan, false, table, preferences(false)));
        batch(true, InterfaceCommands.routes(plan, true, table, preferences(true)));
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
            for (int i = 0; i < ANYWHERE.size() && mtu == 0; i++) {
                mtu = Math.max(mtu, routes.outputMtu(ANYWHERE.get(i).address()));
            }
        }
        return mtu == 0 ? DEFAULT_UNDERLAY_MTU : mtu;
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

    /** The first of two free rule preferences before all others but the one for local addresses. */
    private static long preferences(boolean isIpv6) throws DeviceException {
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
        List<String> done = isIpv6 ? done6 : done4;
        if (run.succeeded()) {
            done.addAll(commands);
            return;
        }
        Matcher failed = FAILED_LINE.matcher(run.output());
        int line = failed.find() ? Integer.parseInt(failed.group(1)) : 1;
        done.addAll(commands.subList(0, line - 1));
        String answer = failed.replaceAll("").replaceAll("\\s+", " ").strip();
        throw new DeviceException(
                "ip " + family(isIpv6) + " " + commands.get(line - 1) + ": " + answer, 0);
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
        undo(true, done6);
        undo(false, done4);
    }

    private static void undo(boolean isIpv6, List<String> done) {
        if (done.isEmpty()) {
            return;
        }
        String commands = input(InterfaceCommands.inverse(done));
        done.clear();
        try {
            // Forced, or it would end at the first that went away with the interface.
            HostCommand.run(commands, "ip", "-force", family(isIpv6), "-batch", STANDARD_INPUT);
        } catch (DeviceException e) {
            // Without the tool nothing can be undone, and nothing could have been done.
        }
    }
}
