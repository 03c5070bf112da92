package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code fdb.show}: the entries that {@link FdbQuery} describes.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbShow implements JsonMethod {
    private final SegmentControl segments;

    JsonFdbShow(SegmentControl segments) {
        this.segments = segments;
    }

    @Override
    public String name() {
        return "fdb.show";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbQuery query = FdbQuery.read(params);
        params.rejectUnread();
        return Map.of("fdb", segments.fdbSnapshot(query).sort().toJson());
    }
}
