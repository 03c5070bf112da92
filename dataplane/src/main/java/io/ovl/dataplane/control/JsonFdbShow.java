package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code fdb.show}: the entries that {@link FdbQuery} describes.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbShow implements JsonSlowMethod {
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
    public Supplier<Map<String, ?>> note(JsonObject params) throws ControlException {
        FdbQuery query = FdbQuery.read(params);
        params.rejectUnread();
        FdbSnapshot snapshot = segments.fdbSnapshot(query);
        return () -> Map.of("fdb", snapshot.sort().toJson());
    }
}
