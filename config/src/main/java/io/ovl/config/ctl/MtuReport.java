package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the overlay's MTU is on one path, and the sum that it comes from, as a daemon reports it on the control socket.
 *
 * <p>Thread: any; immutable. Units: bytes.
 *
 * @param target the peer's name or key, or the VTEP's address
 * @param mode {@code l3}, {@code compact}, {@code standard} or {@code vxlan}
 * @param endpoint where the path leads, null while that is not known
 * @param explanation the sum, one summand a line, and what else is to know
 */
public record MtuReport(
        String target,
        String mode,
        @Nullable String endpoint,
        int underlayMtu,
        int mtu,
        List<String> explanation) {

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("target", target);
        json.put("mode", mode);
        json.put("endpoint", endpoint);
        json.put("underlayMtu", underlayMtu);
        json.put("mtu", mtu);
        json.put("explanation", explanation);
        return json;
    }

    static MtuReport fromJson(JsonObject json) throws ControlException {
        List<String> explanation = json.texts("explanation");
        return new MtuReport(
                json.requiredText("target"),
                json.requiredText("mode"),
                json.text("endpoint"),
                (int) json.number("underlayMtu", 0, Integer.MAX_VALUE, 0),
                (int) json.number("mtu", 0, Integer.MAX_VALUE, 0),
                explanation == null ? List.of() : explanation);
    }
}
