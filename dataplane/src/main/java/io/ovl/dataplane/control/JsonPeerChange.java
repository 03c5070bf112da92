package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.HostPort;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code peers.add} and {@code peers.set} say about a peer, each member as {@link #read} names it. AllowedIPs are
 * given all, or those to add and those to remove.
 *
 * <p>Thread: any. Ownership: {@code presharedKey} is a copy that {@link #toUpdate} wipes.
 */
@SuppressWarnings("ArrayRecordComponent") // A secret is bytes, and nobody compares changes.
record JsonPeerChange(
        @Nullable String name,
        @Nullable HostPort endpoint,
        boolean clearsEndpoint,
        @Nullable Long persistentKeepaliveSeconds,
        boolean replacesAllowedIps,
        List<AllowedIpChange> allowedIps,
        byte @Nullable [] presharedKey) {
    // Printable anywhere, and never mistaken for a key, an option or a prefix.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,62}");

    static JsonPeerChange read(JsonObject params) throws ControlException {
        String name = params.text("name");
        boolean isName =
                name == null
                        || name.isEmpty()
                        || NAME.matcher(name).matches() && NoisePublicKey.parse(name) == null;
        if (!isName) {
            throw params.refusal(
                    "name",
                    "empty, for none, or 1 to 63 letters, digits, dots, hyphens and underscores");
        }
        String endpointText = params.text("endpoint");
        boolean clearsEndpoint = endpointText != null && endpointText.isEmpty();
        HostPort endpoint =
                endpointText == null || clearsEndpoint ? null : HostPort.parse(endpointText);
        boolean hasEndpoint = endpointText != null && !clearsEndpoint;
        if (hasEndpoint && (endpoint == null || endpoint.port() == 0)) {
            throw params.refusal(
                    "endpoint",
                    "empty, for none, or HOST:PORT, with an IPv6 address in square brackets");
        }
        Long keepalive = params.number("persistentKeepalive", 0, 65_535);
        List<AllowedIpChange> allowedIps = new ArrayList<>();
        boolean isReplacement = addAll(allowedIps, params, "allowedIps", false);
        boolean isChange = addAll(allowedIps, params, "addAllowedIps", false);
        isChange |= addAll(allowedIps, params, "removeAllowedIps", true);
        if (isReplacement && isChange) {
            throw invalid("\"allowedIps\" goes without addAllowedIps and removeAllowedIps");
        }
        return new JsonPeerChange(
                name,
                endpoint,
                clearsEndpoint,
                keepalive,
                isReplacement,
                allowedIps,
                params.secret("presharedKey"));
    }

    /** The update it is for the peer with {@code publicKey}; wipes its own copy of the preshared key. */
    PeerUpdate toUpdate(NoisePublicKey publicKey) {
        UdpAddress address = endpoint == null ? null : UdpAddress.parse(endpoint.toString());
        if (clearsEndpoint) {
            address = UdpAddress.NONE;
        }
        return new PeerUpdate(
                publicKey,
                false,
                false,
                name,
                takePresharedKey(),
                address,
                address == null ? endpoint : null,
                persistentKeepaliveSeconds == null ? null : persistentKeepaliveSeconds.intValue(),
                replacesAllowedIps,
                allowedIps);
    }

    /** The AllowedIPs that a peer with {@code old} ones has afterwards. */
    Set<IpPrefix> allowedIpsAfter(List<IpPrefix> old) {
        Set<IpPrefix> after = new HashSet<>(replacesAllowedIps ? List.of() : old);
        for (AllowedIpChange change : allowedIps) {
            if (change.isRemoval()) {
                after.remove(change.prefix());
            } else {
                after.add(change.prefix());
            }
        }
        return after;
    }

    private @Nullable NoisePresharedKey takePresharedKey() {
        if (presharedKey == null) {
            return null;
        }
        NoisePresharedKey key = NoisePresharedKey.copyOf(presharedKey, 0);
        Arrays.fill(presharedKey, (byte) 0);
        return key;
    }

    private static boolean addAll(
            List<AllowedIpChange> changes, JsonObject params, String member, boolean isRemoval)
            throws ControlException {
        List<String> texts = params.texts(member);
        if (texts == null) {
            return false;
        }
        for (String text : texts) {
            IpPrefix prefix = IpPrefix.parse(text);
            if (prefix == null) {
                throw JsonObject.refusal(member, "addresses such as 10.0.0.0/24", text);
            }
            changes.add(new AllowedIpChange(prefix.masked(), isRemoval));
        }
        return true;
    }

    static ControlException invalid(String message) {
        return new ControlException(ExitCode.USAGE, "invalid-params", message);
    }
}
