package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.SegmentUpdate;

import java.util.List;
import java.util.Map;

/**
 * {@code segments.del}: removes the segment whose name or VNI {@code name} is; with {@code "ifExists":true} it may be
 * gone.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonSegmentsDel implements JsonMethod {
    private final SegmentControl segments;

    JsonSegmentsDel(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "segments.del";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String name = params.requiredText("name");
        boolean ifExists = params.flag("ifExists");
        params.rejectUnread();
        SegmentSection segment = segments.segment(name);
        if (segment == null) {
            if (ifExists) {
                return Map.of("removed", List.of());
            }
            throw SegmentPlan.noSuchSegment(name);
        }
        segments.apply(SegmentUpdate.remove(segment.name()));
        return Map.of("removed", List.of(segment.name()));
    }
}
