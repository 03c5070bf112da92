package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code fdb.watch}: what happens to the entries of a segment and a port, or to all.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbWatch implements JsonStreamMethod {
    private final FdbControl fdb;

    JsonFdbWatch(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "fdb.watch";
    }

    @Override
    public Runnable watch(JsonObject params, Consumer<Map<String, ?>> events)
            throws ControlException {
        FdbQuery query = FdbQuery.readPort(params);
        params.rejectUnread();
        return fdb.watch(query, event -> events.accept(event.toJson()));
    }
}
