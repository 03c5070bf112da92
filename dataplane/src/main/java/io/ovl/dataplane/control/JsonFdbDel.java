package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code fdb.del}: deletes the entry that {@link FdbAddress} describes; with {@code "ifExists":true} it may be gone.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonFdbDel implements JsonMethod {
    private final FdbControl fdb;

    JsonFdbDel(FdbControl fdb) {
        this.fdb = fdb;
    }

    @Override
    public String name() {
        return "fdb.del";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        FdbAddress address = FdbAddress.read(params);
        boolean ifExists = params.flag("ifExists");
        // Said by habit, as bridge(8) wants it: there is one entry at the most.
        FdbQuery.read(params);
        params.rejectUnread();
        boolean isDeleted = fdb.delete(address);
        if (!isDeleted && !ifExists) {
            throw JsonFdbGet.noSuchEntry();
        }
        return Map.of("deleted", isDeleted);
    }
}
