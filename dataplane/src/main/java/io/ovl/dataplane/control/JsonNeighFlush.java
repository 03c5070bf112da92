package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code neigh.flush}: forgets who has which IP address in a segment, or in all.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonNeighFlush implements JsonMethod {
    private final FdbControl fdb;

    JsonNeighFlush(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "neigh.flush";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbQuery query = FdbQuery.readSegment(params);
        params.rejectUnread();
        return Map.of("flushed", fdb.flushNeighbors(query));
    }
}
