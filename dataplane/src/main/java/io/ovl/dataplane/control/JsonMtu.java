package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.MtuReport;

import java.util.Map;

/**
 * {@code mtu}: the overlay's MTU on the paths to {@code peer}, or on all, and the sums they come from.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonMtu implements JsonMethod {
    private static final int MAX_MTU = 65_535;

    private final SegmentControl segments;

    JsonMtu(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "mtu";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String target = params.text("peer");
        int underlayMtu = (int) params.number("underlayMtu", 0, MAX_MTU, 0);
        params.rejectUnread();
        return Map.of(
                "paths",
                segments.mtus(target, underlayMtu).stream().map(MtuReport::toJson).toList());
    }
}
