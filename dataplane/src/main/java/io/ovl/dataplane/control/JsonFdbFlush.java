package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code fdb.flush}: deletes the learned entries of a segment and a port, with {@code "all":true} static ones too.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbFlush implements JsonMethod {
    private final FdbControl fdb;

    JsonFdbFlush(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "fdb.flush";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbQuery query = FdbQuery.readPort(params);
        boolean withStatic = params.flag("all");
        params.rejectUnread();
        return Map.of("flushed", fdb.flush(query, withStatic));
    }
}
