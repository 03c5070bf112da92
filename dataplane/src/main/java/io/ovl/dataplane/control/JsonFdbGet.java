package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.FdbReport;
import io.ovl.config.ctl.JsonObject;

import java.util.List;
import java.util.Map;

/**
 * {@code fdb.get}: the entry that {@link FdbAddress} describes.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbGet implements JsonMethod {
    private final FdbControl fdb;

    JsonFdbGet(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "fdb.get";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbAddress address = FdbAddress.read(params);
        params.rejectUnread();
        FdbReport entry = fdb.entry(address);
        if (entry == null) {
            throw noSuchEntry();
        }
        return Map.of("fdb", List.of(entry.toJson()));
    }

    static ControlException noSuchEntry() {
        return new ControlException(
                ExitCode.NO_SUCH_OBJECT, "no-such-entry", "no entry has that address");
    }
}
