package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.JsonObject;

import java.util.List;
import java.util.Map;

/**
 * {@code fdb.add} and {@code fdb.replace}: a static entry that leads to {@code kind} and {@code port}. Where there is a
 * static one already, {@code add} is refused, unless {@code "mayExist":true} and it leads there too.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbPut implements JsonMethod {
    private final FdbControl fdb;
    private final boolean replaces;

    JsonFdbPut(FdbControl fdb, boolean replaces) {
        this.fdb = fdb;
        this.replaces = replaces;
    }

    @Override
    public String name() {
        return replaces ? "fdb.replace" : "fdb.add";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbAddress address = FdbAddress.read(params);
        String kind = params.requiredText("kind");
        String port = params.requiredText("port");
        FdbQuery.readPort(params);
        String state = params.text("state");
        boolean mayExist = !replaces && params.flag("mayExist");
        params.rejectUnread();
        if (state != null && !state.equals("static")) {
            throw params.refusal("state", "static, since only such entries can be added");
        }
        FdbReport old = mayExist ? fdb.entry(address) : null;
        boolean isThere =
                old != null
                        && old.state().equals("static")
                        && old.kind().equals(kind)
                        && old.port().equals(port);
        if (!isThere) {
            fdb.add(address, kind, port, replaces);
        }
        FdbReport entry = fdb.entry(address);
        return Map.of("fdb", entry == null ? List.of() : List.of(entry.toJson()));
    }
}
