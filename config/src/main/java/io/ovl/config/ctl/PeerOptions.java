package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code peers add} and {@code peers set} can say about a peer, and the request it becomes.
 *
 * <p>Thread: written by picocli before the verb runs, then read only.
 */
final class PeerOptions {
    /** What the members of the request are called here. */
    static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("publicKey", "PUBLIC_KEY"),
                    Map.entry("peer", "PEER"),
                    Map.entry("name", "--name"),
                    Map.entry("endpoint", "--endpoint"),
                    Map.entry("allowedIps", "--allowed-ips"),
                    Map.entry("addAllowedIps", "--allowed-ips"),
                    Map.entry("removeAllowedIps", "--allowed-ips"),
                    Map.entry("segments", "--segments"),
                    Map.entry("addSegments", "--segments"),
                    Map.entry("removeSegments", "--segments"),
                    Map.entry("vtep", "--vtep"),
                    Map.entry("presharedKey", "--preshared-key-file"),
                    Map.entry("persistentKeepalive", "--keepalive"));

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "letters, digits, dot, hyphen, underscore; empty for none")
    private @Nullable String name;

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "where it is, [..] around IPv6; empty for not known")
    private @Nullable String endpoint;

    @Option(
            names = "--allowed-ips",
            paramLabel = "IP/LEN,..",
            description = "all it may use; with + or - before each, those more or fewer")
    private @Nullable String allowedIps;

    @Option(
            names = "--segments",
            paramLabel = "NAME,..",
            description = "all it takes part in; with + or - before each, those more or fewer")
    private @Nullable String segments;

    @Option(
            names = "--vtep",
            paramLabel = "IP",
            description = "its overlay address, if a VXLAN device listens there; empty for none")
    private @Nullable String vtep;

    @Option(
            names = "--preshared-key-file",
            paramLabel = "FILE",
            description = "a file that holds the key, - for standard input, empty for none")
    private @Nullable String presharedKeyFile;

    @Option(
            names = "--keepalive",
            paramLabel = "SECONDS",
            description = "persistent keepalive: 1 to 65535, or off")
    private @Nullable String keepalive;

    @Option(names = "--preshared-key", hidden = true)
    private @Nullable String presharedKey;

    /** The parameters of the request; the caller wipes {@code presharedKey}. */
    Map<String, @Nullable Object> params(InputStream standardInput) throws ControlException {
        if (presharedKey != null) {
            throw usage("a key is never an argument: use --preshared-key-file");
        }
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        put(params, "name", name);
        put(params, "endpoint", endpoint);
        put(params, "persistentKeepalive", keepaliveSeconds());
        putList(params, "allowed-ips", "allowedIps", "AllowedIps", allowedIps);
        putList(params, "segments", "segments", "Segments", segments);
        put(params, "vtep", vtep);
        if (presharedKeyFile != null) {
            params.put("presharedKey", KeyInput.readPresharedKey(presharedKeyFile, standardInput));
        }
        return params;
    }

    /** All of a list, or with + and - what is more and fewer in it. */
    private static void putList(
            Map<String, @Nullable Object> params,
            String option,
            String all,
            String change,
            @Nullable String text)
            throws ControlException {
        if (text == null) {
            return;
        }
        List<String> whole = new ArrayList<>();
        List<String> more = new ArrayList<>();
        List<String> fewer = new ArrayList<>();
        for (String item : SegmentOptions.items(text)) {
            switch (item.charAt(0)) {
                case '+' -> more.add(item.substring(1));
                case '-' -> fewer.add(item.substring(1));
                default -> whole.add(item);
            }
        }
        boolean isChange = !more.isEmpty() || !fewer.isEmpty();
        if (isChange && !whole.isEmpty()) {
            throw usage("--" + option + ": give all with + or -, or all without");
        }
        if (isChange) {
            params.put("add" + change, more);
            params.put("remove" + change, fewer);
        } else {
            params.put(all, whole);
        }
    }

    private @Nullable Long keepaliveSeconds() throws ControlException {
        if (keepalive == null || keepalive.equals("off")) {
            return keepalive == null ? null : 0L;
        }
        if (!keepalive.matches("\\d{1,5}") || Integer.parseInt(keepalive) > 65_535) {
            throw usage("--keepalive must be 0 to 65535, or off");
        }
        return Long.valueOf(keepalive);
    }

    private static void put(
            Map<String, @Nullable Object> params, String name, @Nullable Object value) {
        if (value != null) {
            params.put(name, value);
        }
    }

    private static ControlException usage(String message) {
        return new ControlException(ExitCode.USAGE, "usage", message);
    }
}
