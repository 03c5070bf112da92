package io.ovl.config.ctl;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An interface and its peers as a daemon reports them on the control socket.
 *
 * <p>Thread: any. Ownership: {@code privateKey} is the record's own copy.
 *
 * @param publicKey null if there is no private key
 * @param privateKey null where the caller may not see it or did not ask, and where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // A secret is bytes, and nobody compares reports.
public record DeviceReport(
        String name,
        @Nullable NoisePublicKey publicKey,
        byte @Nullable [] privateKey,
        int listenPort,
        int fwmark,
        List<PeerReport> peers) {

    /** @param waiting for each peer that waits, why */
    public static DeviceReport of(
            String name,
            DeviceState device,
            boolean showsSecrets,
            Map<NoisePublicKey, String> waiting) {
        NoisePrivateKey key = device.privateKey();
        NoisePublicKey publicKey = null;
        byte[] bytes = null;
        if (key != null && !key.isZero()) {
            publicKey = key.publicKey();
            if (showsSecrets) {
                bytes = new byte[NoisePrivateKey.LENGTH];
                key.copyTo(bytes, 0);
            }
        }
        List<PeerReport> peers = new ArrayList<>(device.peers().size());
        for (PeerState peer : device.peers()) {
            peers.add(PeerReport.of(peer, showsSecrets, waiting.get(peer.publicKey())));
        }
        return new DeviceReport(
                name, publicKey, bytes, device.listenPort(), device.fwmark(), peers);
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("publicKey", publicKey == null ? null : publicKey.base64());
        if (privateKey != null) {
            json.put("privateKey", privateKey);
        }
        json.put("listenPort", listenPort);
        json.put("fwmark", Integer.toUnsignedLong(fwmark));
        json.put("peers", new LazyList<>(peers, PeerReport::toJson));
        return json;
    }

    static DeviceReport fromJson(JsonObject json) throws ControlException {
        String publicKey = json.text("publicKey");
        List<PeerReport> peers = new ArrayList<>();
        for (JsonObject peer : json.objects("peers")) {
            peers.add(PeerReport.fromJson(peer));
        }
        return new DeviceReport(
                json.requiredText("name"),
                publicKey == null ? null : NoisePublicKey.parse(publicKey),
                json.secret("privateKey"),
                (int) json.number("listenPort", 0, 65_535, 0),
                (int) json.number("fwmark", 0, 0xffff_ffffL, 0),
                peers);
    }
}
