package io.ovl.dataplane.io;

import io.ovl.config.model.IpAddress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the host the name servers and search domains of an interface with its {@code resolvconf} tool, as wg-quick
 * does, and takes them back.
 *
 * <p>Thread: one owner. Errors: {@link #change} throws, with the old ones in force.
 */
public final class NameServers implements AutoCloseable {
    private static final Path INTERFACE_ORDER = Path.of("/etc/resolvconf/interface-order");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9-]+)\\*");

    private final String record;
    private List<String> current = List.of();

    public NameServers(String interfaceName) {
        record = prefix() + interfaceName;
    }

    /** Which names go first on hosts whose tool sorts them by it. */
    private static String prefix() {
        try (var lines = Files.lines(INTERFACE_ORDER)) {
            return lines.map(PREFIX::matcher)
                    .filter(Matcher::matches)
                    .map(line -> line.group(1) + ".")
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** Uses these from now on, addresses and domains mixed; none: leaves the host with its own. */
    public void change(List<String> wanted) throws DeviceException {
        if (wanted.equals(current)) {
            return;
        }
        if (wanted.isEmpty()) {
            close();
            return;
        }
        StringBuilder lines = new StringBuilder();
        StringBuilder domains = new StringBuilder();
        for (String entry : wanted) {
            if (IpAddress.parse(entry) != null) {
                lines.append("nameserver ").append(entry).append('\n');
            } else {
                domains.append(' ').append(entry);
            }
        }
        if (!domains.isEmpty()) {
            lines.append("search").append(domains).append('\n');
        }
        HostCommand set =
                HostCommand.run(lines.toString(), "resolvconf", "-a", record, "-m", "0", "-x");
        if (!set.succeeded()) {
            throw new DeviceException("resolvconf: " + set.output().strip(), 0);
        }
        current = List.copyOf(wanted);
    }

    /** Takes them back. Idempotent. */
    @Override
    public void close() {
        if (current.isEmpty()) {
            return;
        }
        current = List.of();
        try {
            HostCommand.run("", "resolvconf", "-d", record, "-f");
        } catch (DeviceException e) {
            // The tool has gone since it was used: there is nothing else to ask.
        }
    }
}
