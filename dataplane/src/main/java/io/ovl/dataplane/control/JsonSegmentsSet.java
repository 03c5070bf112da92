package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;

import java.util.Map;

/**
 * {@code segments.set}: changes the segment whose name or VNI {@code name} is.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonSegmentsSet implements JsonMethod {
    private final SegmentControl segments;

    JsonSegmentsSet(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "segments.set";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String name = params.requiredText("name");
        JsonSegmentChange change = JsonSegmentChange.read(params);
        params.rejectUnread();
        SegmentSection old = require(segments, name);
        segments.apply(SegmentUpdate.put(change.merge(old)));
        return JsonSegmentsShow.report(segments, old.name());
    }

    /** The segment with that name or VNI. */
    static SegmentSection require(SegmentControl segments, String nameOrVni)
            throws ControlException {
        SegmentSection segment = segments.segment(nameOrVni);
        if (segment == null) {
            throw SegmentPlan.noSuchSegment(nameOrVni);
        }
        return segment;
    }
}
