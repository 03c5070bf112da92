package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An entry of the forwarding database as a daemon reports it on the control socket.
 *
 * <p>Thread: any; immutable. Units: {@code ageSeconds} since a frame of it was seen.
 *
 * @param vlan 0 for untagged frames
 * @param kind {@code tap}, {@code peer} or {@code vtep}
 * @param port the TAP's or the peer's name, or the VTEP's address
 * @param state {@code learned} or {@code static}
 */
public record FdbReport(
        String mac,
        int vni,
        String segment,
        int vlan,
        String kind,
        String port,
        String state,
        long ageSeconds) {
    private static final int MAX_VLAN = 4095;

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("mac", mac);
        json.put("vni", vni);
        json.put("segment", segment);
        json.put("vlan", vlan == 0 ? null : vlan);
        json.put("kind", kind);
        json.put("port", port);
        json.put("state", state);
        json.put("age", ageSeconds);
        return json;
    }

    static FdbReport fromJson(JsonObject json) throws ControlException {
        return new FdbReport(
                json.requiredText("mac"),
                (int) json.number("vni", 0, SegmentSection.MAX_VNI, 0),
                json.requiredText("segment"),
                (int) json.number("vlan", 0, MAX_VLAN, 0),
                json.requiredText("kind"),
                json.requiredText("port"),
                json.requiredText("state"),
                json.number("age", 0, Long.MAX_VALUE, 0));
    }

    /** The entry in the words that {@code fdb add} takes. */
    String words() {
        StringBuilder words = new StringBuilder(mac);
        words.append(' ').append(portWords(kind, port)).append(" vni ").append(vni);
        if (vlan != 0) {
            words.append(" vlan ").append(vlan);
        }
        return words.toString();
    }

    /** A port in bridge(8)'s words. */
    static String portWords(String kind, String port) {
        return switch (kind) {
            case "tap" -> "dev " + port;
            case "vtep" -> "dst " + port;
            default -> kind + " " + port;
        };
    }
}
