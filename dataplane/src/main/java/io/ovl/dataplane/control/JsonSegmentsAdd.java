package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;

import java.util.Map;

/**
 * {@code segments.add}: a segment called {@code name}; with {@code "mayExist":true} one that exists is changed.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonSegmentsAdd implements JsonMethod {
    private final SegmentControl segments;

    JsonSegmentsAdd(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "segments.add";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String name = params.requiredText("name");
        boolean mayExist = params.flag("mayExist");
        JsonSegmentChange change = JsonSegmentChange.read(params);
        params.rejectUnread();
        SegmentSection old = segments.segment(name);
        if (old != null && !old.name().equals(name)) {
            old = null;
        }
        if (old != null && !mayExist) {
            throw new ControlException(
                    ExitCode.CONFLICT, "exists", "there is a segment " + name + " already");
        }
        segments.apply(SegmentUpdate.put(old == null ? change.toSection(name) : change.merge(old)));
        return JsonSegmentsShow.report(segments, name);
    }
}
