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
    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what to call it: letters, digits, dot, hyphen, underscore")
    private @Nullable String name;

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "where it is: a name or an address, [..] around IPv6")
    private @Nullable String endpoint;

    @Option(
            names = "--allowed-ips",
            paramLabel = "IP/LEN,..",
            description = "all it may use; with + or - before each, those more or fewer")
    private @Nullable String allowedIps;

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
        putAllowedIps(params);
        if (presharedKeyFile != null) {
            params.put("presharedKey", KeyInput.readPresharedKey(presharedKeyFile, standardInput));
        }
        return params;
    }

    private void putAllowedIps(Map<String, @Nullable Object> params) throws ControlException {
        if (allowedIps == null) {
            return;
        }
        List<String> all = new ArrayList<>();
        List<String> more = new ArrayList<>();
        List<String> fewer = new ArrayList<>();
        for (String part : allowedIps.split(",", -1)) {
            String prefix = part.strip();
            if (prefix.startsWith("+")) {
                more.add(prefix.substring(1));
            } else if (prefix.startsWith("-")) {
                fewer.add(prefix.substring(1));
            } else if (!prefix.isEmpty()) {
                all.add(prefix);
            }
        }
        boolean isChange = !more.isEmpty() || !fewer.isEmpty();
        if (isChange && !all.isEmpty()) {
            throw usage("--allowed-ips: give all with + or -, or all without");
        }
        if (isChange) {
            params.put("addAllowedIps", more);
            params.put("removeAllowedIps", fewer);
        } else {
            params.put("allowedIps", all);
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
