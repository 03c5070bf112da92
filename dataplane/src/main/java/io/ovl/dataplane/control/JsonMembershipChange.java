package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerSegments;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What {@code peers.add} and {@code peers.set} say about the segments of a peer: all, or those more and those fewer;
 * null leaves things as they are.
 *
 * <p>Thread: any; immutable.
 *
 * @param clearsVtep frames are to travel in the compact form
 */
record JsonMembershipChange(
        @Nullable List<String> all,
        List<String> more,
        List<String> fewer,
        @Nullable IpAddress vtep,
        boolean clearsVtep) {

    static JsonMembershipChange read(JsonObject params) throws ControlException {
        List<String> all = params.texts("segments");
        List<String> more = params.texts("addSegments");
        List<String> fewer = params.texts("removeSegments");
        if (all != null && (more != null || fewer != null)) {
            throw JsonPeerChange.invalid(
                    "\"segments\" goes without addSegments and removeSegments");
        }
        String vtepText = params.text("vtep");
        boolean clearsVtep = vtepText != null && vtepText.isEmpty();
        IpAddress vtep = vtepText == null || clearsVtep ? null : IpAddress.parse(vtepText);
        if (vtepText != null && !clearsVtep && vtep == null) {
            throw params.refusal("vtep", "empty, for none, or an IP address");
        }
        return new JsonMembershipChange(
                all,
                more == null ? List.of() : more,
                fewer == null ? List.of() : fewer,
                vtep,
                clearsVtep);
    }

    /** Whether it leaves everything as it is. */
    boolean isNone() {
        return all == null && more.isEmpty() && fewer.isEmpty() && vtep == null && !clearsVtep;
    }

    /**
     * The membership that it makes of an old one.
     *
     * @param allowedIps what the peer may use afterwards
     */
    PeerSegments merge(NoisePublicKey publicKey, PeerSegments old, Collection<IpPrefix> allowedIps)
            throws ControlException {
        Set<String> segments = new LinkedHashSet<>(all == null ? old.segments() : all);
        segments.addAll(more);
        for (String name : fewer) {
            if (!segments.remove(name)) {
                throw new ControlException(
                        ExitCode.NO_SUCH_OBJECT,
                        "no-such-segment",
                        "the peer takes no part in segment " + name);
            }
        }
        IpAddress newVtep = clearsVtep ? null : vtep == null ? old.vtep() : vtep;
        if (newVtep != null && segments.isEmpty()) {
            if (vtep != null) {
                throw invalid("a VTEP is for segments, and the peer has none");
            }
            newVtep = null;
        }
        if (vtep != null && allowedIps.stream().noneMatch(prefix -> prefix.contains(vtep))) {
            throw invalid(
                    "VTEP "
                            + vtep
                            + " is not within the peer's AllowedIPs: WireGuard would drop what it"
                            + " sends");
        }
        return new PeerSegments(publicKey, List.copyOf(segments), newVtep);
    }

    private static ControlException invalid(String message) {
        return new ControlException(ExitCode.INVALID_CONFIG, "invalid-vtep", message);
    }
}
