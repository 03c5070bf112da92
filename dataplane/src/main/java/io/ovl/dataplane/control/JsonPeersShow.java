package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;

import java.util.Map;

/**
 * {@code peers.show}: the peer that {@code peer} names or is the key of.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeersShow implements JsonMethod {
    private final JsonPeers peers;

    JsonPeersShow(JsonPeers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "peers.show";
    }

    @Override
    public boolean isChange() {
        return false;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String peer = params.requiredText("peer");
        params.rejectUnread();
        return peers.report(peers.require(peer));
    }
}
