package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.PeerUpdate;
import io.ovl.crypto.key.NoisePublicKey;

import java.util.List;
import java.util.Map;

/**
 * {@code peers.del}: removes the peer that {@code peer} names or is the key of; with {@code "ifExists":true} it may be
 * gone.
 *
 * <p>Thread: the server's event loop.
 */
final class JsonPeersDel implements JsonMethod {
    private final JsonPeers peers;

    JsonPeersDel(JsonPeers peers) {
        this.peers = peers;
    }

    @Override
    public String name() {
        return "peers.del";
    }

    @Override
    public boolean isChange() {
        return true;
    }

    @Override
    public Map<String, ?> call(JsonObject params, JsonCaller caller) throws ControlException {
        String peer = params.requiredText("peer");
        boolean ifExists = params.flag("ifExists");
        params.rejectUnread();
        NoisePublicKey key;
        try {
            key = peers.require(peer).publicKey();
        } catch (ControlException e) {
            if (ifExists && e.exit() == ExitCode.NO_SUCH_OBJECT) {
                return Map.of("removed", List.of());
            }
            throw e;
        }
        peers.apply(
                new PeerUpdate(key, true, true, null, null, null, null, null, false, List.of()));
        return Map.of("removed", List.of(key.base64()));
    }
}
