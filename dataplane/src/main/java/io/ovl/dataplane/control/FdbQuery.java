package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.config.model.SegmentSection;

import org.jspecify.annotations.Nullable;

/**
 * Which entries of the forwarding database are meant; null means any.
 *
 * <p>Thread: any; immutable.
 *
 * @param segment by name; or else by {@code vni}
 * @param kind {@code tap}, {@code peer} or {@code vtep}, together with {@code port}
 * @param vlan 0 for untagged frames
 * @param state {@code learned} or {@code static}
 */
public record FdbQuery(
        @Nullable String segment,
        @Nullable Integer vni,
        @Nullable String kind,
        @Nullable String port,
        @Nullable Integer vlan,
        @Nullable String state) {
    /** All of them. */
    public static final FdbQuery ALL = new FdbQuery(null, null, null, null, null, null);

    private static final int MAX_VLAN = 4094;

    /** Reads {@code segment} or {@code vni}. */
    static FdbQuery readSegment(JsonObject params) throws ControlException {
        return new FdbQuery(params.text("segment"), readVni(params), null, null, null, null);
    }

    /** Reads {@code segment} or {@code vni}, {@code kind} and {@code port}. */
    static FdbQuery readPort(JsonObject params) throws ControlException {
        String kind = params.text("kind");
        String port = params.text("port");
        if ((kind == null) != (port == null)) {
            throw JsonPeerChange.invalid("\"kind\" and \"port\" go together");
        }
        if (kind != null && !kind.matches("tap|peer|vtep")) {
            throw params.refusal("kind", "tap, peer or vtep");
        }
        return new FdbQuery(params.text("segment"), readVni(params), kind, port, null, null);
    }

    /** Reads all of it. */
    static FdbQuery read(JsonObject params) throws ControlException {
        FdbQuery port = readPort(params);
        String state = params.text("state");
        if (state != null && !state.matches("learned|static")) {
            throw params.refusal("state", "learned or static");
        }
        return new FdbQuery(port.segment, port.vni, port.kind, port.port, readVlan(params), state);
    }

    static @Nullable Integer readVlan(JsonObject params) throws ControlException {
        Long vlan = params.number("vlan", 0, MAX_VLAN);
        return vlan == null ? null : vlan.intValue();
    }

    private static @Nullable Integer readVni(JsonObject params) throws ControlException {
        Long vni = params.number("vni", 0, SegmentSection.MAX_VNI);
        return vni == null ? null : vni.intValue();
    }
}
