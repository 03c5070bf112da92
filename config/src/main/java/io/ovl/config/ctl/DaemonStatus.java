package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A daemon as it reports itself on the control socket.
 *
 * <p>Thread: any; immutable.
 *
 * @param kind {@code tun} or {@code tap}; {@value #NO_DEVICE} for a daemon that carries Ethernet alone
 * @param aeadProvider such as {@code ipsec-mb}
 * @param offloads those in use, of the device and of the socket: {@code tso4}, {@code udp-gro}
 * @param startedAt wall clock time
 */
public record DaemonStatus(
        String version,
        String interfaceName,
        String kind,
        int mtu,
        int listenPort,
        String aeadProvider,
        int workerCount,
        List<String> offloads,
        Instant startedAt) {
    /** The kind of a daemon without an interface of its own. */
    public static final String NO_DEVICE = "none";

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", version);
        json.put("interface", interfaceName);
        json.put("kind", kind);
        json.put("mtu", mtu);
        json.put("listenPort", listenPort);
        json.put("aead", aeadProvider);
        json.put("workers", workerCount);
        json.put("offloads", offloads);
        json.put("startedAt", startedAt.toString());
        return json;
    }

    static DaemonStatus fromJson(JsonObject json) throws ControlException {
        List<String> offloads = json.texts("offloads");
        Instant startedAt = json.time("startedAt");
        return new DaemonStatus(
                json.requiredText("version"),
                json.requiredText("interface"),
                json.requiredText("kind"),
                (int) json.number("mtu", 0, 65_535, 0),
                (int) json.number("listenPort", 0, 65_535, 0),
                json.requiredText("aead"),
                (int) json.number("workers", 0, Integer.MAX_VALUE, 0),
                offloads == null ? List.of() : offloads,
                startedAt == null ? Instant.EPOCH : startedAt);
    }
}
