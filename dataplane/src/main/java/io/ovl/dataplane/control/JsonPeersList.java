package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code peers.list}.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeersList implements JsonMethod {
    private final JsonPeers peers;

    JsonPeersList(JsonPeers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "peers.list";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        params.rejectUnread();
        return Map.of("peers", peers.reports());
    }
}
