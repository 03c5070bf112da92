package io.ovl.config.ctl;

import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A peer as a daemon reports it on the control socket.
 *
 * <p>Thread: any. Ownership: {@code presharedKey} is the record's own copy.
 *
 * @param presharedKey null where the caller may not see it or did not ask, and where there is none
 * @param segments names of the segments that it takes part in
 * @param vtep its overlay address for standard VXLAN, null if its segments travel in the compact form
 * @param waiting why there is no session although one is wanted, null if all is well
 */
@SuppressWarnings("ArrayRecordComponent") // A secret is bytes, and nobody compares reports.
public record PeerReport(
        NoisePublicKey publicKey,
        @Nullable String name,
        boolean hasPresharedKey,
        byte @Nullable [] presharedKey,
        @Nullable String endpoint,
        @Nullable String endpointHost,
        @Nullable Instant lastHandshake,
        long rxBytes,
        long txBytes,
        int persistentKeepaliveSeconds,
        List<String> allowedIps,
        List<String> segments,
        @Nullable String vtep,
        @Nullable String waiting) {

    /** A peer that takes part in no segment. */
    public static PeerReport of(PeerState peer, boolean showsSecrets, @Nullable String waiting) {
        NoisePresharedKey key = peer.presharedKey();
        boolean hasKey = key != null && !key.isZero();
        byte[] bytes = null;
        if (showsSecrets && key != null && hasKey) {
            bytes = new byte[NoisePresharedKey.LENGTH];
            key.copyTo(bytes, 0);
        }
        return new PeerReport(
                peer.publicKey(),
                peer.name(),
                hasKey,
                bytes,
                textOf(peer.endpoint()),
                textOf(peer.endpointHost()),
                peer.lastHandshake(),
                peer.rxBytes(),
                peer.txBytes(),
                peer.persistentKeepaliveSeconds(),
                peer.allowedIps().stream().map(Objects::toString).toList(),
                List.of(),
                null,
                waiting);
    }

    /** The same peer in its segments. */
    public PeerReport with(PeerSegments membership) {
        return new PeerReport(
                publicKey,
                name,
                hasPresharedKey,
                presharedKey,
                endpoint,
                endpointHost,
                lastHandshake,
                rxBytes,
                txBytes,
                persistentKeepaliveSeconds,
                allowedIps,
                membership.segments(),
                textOf(membership.vtep()),
                waiting);
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("publicKey", publicKey.base64());
        json.put("name", name);
        json.put("hasPresharedKey", hasPresharedKey);
        if (presharedKey != null) {
            json.put("presharedKey", presharedKey);
        }
        json.put("endpoint", endpoint);
        json.put("endpointHost", endpointHost);
        json.put("lastHandshake", textOf(lastHandshake));
        json.put("rxBytes", rxBytes);
        json.put("txBytes", txBytes);
        json.put("persistentKeepalive", persistentKeepaliveSeconds);
        json.put("allowedIps", allowedIps);
        json.put("segments", segments);
        json.put("vtep", vtep);
        json.put("waiting", waiting);
        return json;
    }

    static PeerReport fromJson(JsonObject json) throws ControlException {
        NoisePublicKey publicKey = NoisePublicKey.parse(json.requiredText("publicKey"));
        if (publicKey == null) {
            throw new ControlException(
                    ExitCode.FAILED, "unexpected-reply", "the daemon reports a peer without a key");
        }
        List<String> allowedIps = json.texts("allowedIps");
        List<String> segments = json.texts("segments");
        return new PeerReport(
                publicKey,
                json.text("name"),
                json.flag("hasPresharedKey"),
                json.secret("presharedKey"),
                json.text("endpoint"),
                json.text("endpointHost"),
                json.time("lastHandshake"),
                json.number("rxBytes", 0, Long.MAX_VALUE, 0),
                json.number("txBytes", 0, Long.MAX_VALUE, 0),
                (int) json.number("persistentKeepalive", 0, 65_535, 0),
                allowedIps == null ? List.of() : allowedIps,
                segments == null ? List.of() : segments,
                json.text("vtep"),
                json.text("waiting"));
    }

    private static @Nullable String textOf(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
