package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.DaemonStatus;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.MtuReport;
import io.ovl.dataplane.l2.WireMode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code mtu}: the overlay's MTU on the paths to {@code peer}, or on all, and the sums they come from. Where there is
 * no layer 3 interface there is no such path.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonMtu implements JsonMethod {
    private static final int MAX_MTU = 65_535;

    private final SegmentControl segments;
    private final StatusSource source;

    JsonMtu(SegmentControl segments, StatusSource source) {
        this.segments = segments;
        this.source = source;
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
        List<MtuReport> paths = new ArrayList<>(segments.mtus(target, underlayMtu));
        if (source.status().kind().equals(DaemonStatus.NO_DEVICE)) {
            paths.removeIf(path -> path.mode().equals(WireMode.L3.label()));
        }
        if (target != null && paths.isEmpty()) {
            throw new ControlException(
                    ExitCode.NO_SUCH_OBJECT, "no-such-peer", "no path leads to " + target);
        }
        return Map.of("paths", paths.stream().map(MtuReport::toJson).toList());
    }
}
