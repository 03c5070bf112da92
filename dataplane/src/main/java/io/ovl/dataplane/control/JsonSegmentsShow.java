package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.SegmentReport;

import java.util.Map;

/**
 * {@code segments.show}: the segment whose name or VNI {@code name} is.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonSegmentsShow implements JsonMethod {
    private final SegmentControl segments;

    JsonSegmentsShow(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "segments.show";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String name = params.requiredText("name");
        params.rejectUnread();
        return report(segments, JsonSegmentsSet.require(segments, name).name());
    }

    /** The report of a segment that there is. */
    static Map<String, ?> report(SegmentControl segments, String name) throws ControlException {
        for (SegmentReport report : segments.segments()) {
            if (report.name().equals(name)) {
                return report.toJson();
            }
        }
        throw SegmentPlan.noSuchSegment(name);
    }
}
