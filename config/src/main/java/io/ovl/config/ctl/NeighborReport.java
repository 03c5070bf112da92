package io.ovl.config.ctl;

import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has an IP address in a segment that answers ARP and neighbour solicitations, as a daemon reports it on the
 * control socket.
 *
 * <p>Thread: any; immutable. Units: {@code ageSeconds} since it was seen.
 *
 * @param vlan 0 for untagged frames
 */
public record NeighborReport(
        String ip,
        String mac,
        int vni,
        String segment,
        int vlan,
        boolean isRouter,
        long ageSeconds) {
    private static final int MAX_VLAN = 4095;

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("ip", ip);
        json.put("mac", mac);
        json.put("vni", vni);
        json.put("segment", segment);
        json.put("vlan", vlan == 0 ? null : vlan);
        json.put("router", isRouter);
        json.put("age", ageSeconds);
        return json;
    }

    static NeighborReport fromJson(JsonObject json) throws ControlException {
        return new NeighborReport(
                json.requiredText("ip"),
                json.requiredText("mac"),
                (int) json.number("vni", 0, SegmentSection.MAX_VNI, 0),
                json.requiredText("segment"),
                (int) json.number("vlan", 0, MAX_VLAN, 0),
                json.flag("router"),
                json.number("age", 0, Long.MAX_VALUE, 0));
    }

    /** One line in the words of {@code ip neigh}. */
    String words() {
        StringBuilder words = new StringBuilder(ip);
        words.append(" vni ").append(vni);
        if (vlan != 0) {
            words.append(" vlan ").append(vlan);
        }
        words.append(" lladdr ").append(mac);
        return words.append(isRouter ? " router" : "").toString();
    }
}
