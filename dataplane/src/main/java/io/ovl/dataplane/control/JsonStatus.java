package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.SegmentReport;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code status}: the daemon itself, its peers and its segments.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonStatus implements JsonMethod {
    private final JsonPeers peers;
    private final StatusSource source;
    private final SegmentControl segments;

    JsonStatus(JsonPeers peers, StatusSource source, SegmentControl segments) {
        this.peers = peers;
        this.source = source;
        this.segments = segments;
    }

    @Override
    public String name() {
        return "status";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        params.rejectUnread();
        Map<String, @Nullable Object> json = new LinkedHashMap<>(source.status().toJson());
        json.put("peers", peers.reports());
        json.put("segments", segments.segments().stream().map(SegmentReport::toJson).toList());
        return json;
    }
}
