package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.ctl.NeighborReport;

import java.util.Map;

/**
 * {@code neigh.show}: who has which IP address in a segment, or in all.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonNeighShow implements JsonMethod {
    private final FdbControl fdb;

    JsonNeighShow(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "neigh.show";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbQuery query = FdbQuery.readSegment(params);
        params.rejectUnread();
        return Map.of(
                "neighbors", fdb.neighbors(query).stream().map(NeighborReport::toJson).toList());
    }
}
