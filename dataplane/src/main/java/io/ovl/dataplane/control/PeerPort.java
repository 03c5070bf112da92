package io.ovl.dataplane.control;

import io.ovl.config.model.IpAddress;
import io.ovl.dataplane.l2.Port;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A peer as a port of its segments.
 *
 * <p>Thread: the conductor; immutable.
 *
 * @param segments their names, as the peer was made their port
 * @param vtep where its own VXLAN device listens, null for the compact form
 * @param localVtep our end of that
 */
record PeerPort(
        PeerControl control,
        Port port,
        List<String> segments,
        @Nullable IpAddress vtep,
        @Nullable IpAddress localVtep) {
    String label() {
        return label(control);
    }

    /** The peer's name, or its key where it has none. */
    static String label(PeerControl control) {
        return control.name == null ? control.peer.publicKey().base64() : control.name;
    }
}
