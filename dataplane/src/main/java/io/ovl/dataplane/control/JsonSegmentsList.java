package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.SegmentReport;

import java.util.Map;

/**
 * {@code segments.list}.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonSegmentsList implements JsonMethod {
    private final SegmentControl segments;

    JsonSegmentsList(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "segments.list";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        params.rejectUnread();
        return Map.of("segments", segments.segments().stream().map(SegmentReport::toJson).toList());
    }
}
