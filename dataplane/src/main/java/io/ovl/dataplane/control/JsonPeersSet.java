package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.crypto.key.NoisePublicKey;

import java.util.Map;

/**
 * {@code peers.set}: changes the peer that {@code peer} names or is the key of.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeersSet implements JsonMethod {
    private final JsonPeers peers;

    JsonPeersSet(JsonPeers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "peers.set";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String peer = params.requiredText("peer");
        JsonPeerChange change = JsonPeerChange.read(params);
        JsonMembershipChange membership = JsonMembershipChange.read(params);
        params.rejectUnread();
        NoisePublicKey key = peers.require(peer).publicKey();
        peers.requireFreeName(change.name(), key);
        peers.apply(key, change, membership);
        return peers.report(peers.require(key.base64()));
    }
}
