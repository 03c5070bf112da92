package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.NoisePublicKey;

import java.util.Map;

/**
 * {@code peers.add}: a peer with {@code publicKey}; with {@code "mayExist":true} one that exists is changed.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeersAdd implements JsonMethod {
    private final JsonPeers peers;

    JsonPeersAdd(JsonPeers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "peers.add";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        NoisePublicKey key = NoisePublicKey.parse(params.requiredText("publicKey"));
        boolean mayExist = params.flag("mayExist");
        JsonPeerChange change = JsonPeerChange.read(params);
        JsonMembershipChange membership = JsonMembershipChange.read(params);
        params.rejectUnread();
        if (key == null) {
            throw new ControlException(
                    ExitCode.USAGE, "invalid-params", "\"publicKey\" must be a key in base64");
        }
        if (!mayExist && peers.byKey(key) != null) {
            throw new ControlException(
                    ExitCode.CONFLICT, "exists", "there is a peer with that key");
        }
        peers.requireFreeName(change.name(), key);
        peers.apply(key, change, membership);
        PeerState peer = peers.byKey(key);
        if (peer == null) {
            throw new ControlException(
                    ExitCode.CONFLICT, "own-key", "that is the interface's own public key");
        }
        return peers.report(peer);
    }
}
