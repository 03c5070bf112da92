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
    private final FdbControl fdb;

    JsonFdbShow(FdbControl fdb) {
        this.fdb = fdb;
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
        FdbSnapshot snapshot = fdb.snapshot(query);
        return () -> Map.of("fdb", snapshot.sort().toJson());
    }
}
