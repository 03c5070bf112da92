package io.ovl.dataplane.control;

import io.ovl.config.model.IpAddress;
import io.ovl.config.model.SegmentSection;
import io.ovl.config.model.UdpAddress;

import org.jspecify.annotations.Nullable;

/**
 * Where a segment in the clear receives. Segments that receive at the same place share its sockets.
 *
 * <p>Thread: any; immutable.
 *
 * @param local null: every address
 */
record VxlanSocketKey(@Nullable IpAddress local, int port) {
    static VxlanSocketKey of(SegmentSection segment) {
        UdpAddress local = segment.local();
        return local == null
                ? new VxlanSocketKey(null, SegmentSection.VXLAN_PORT)
                : new VxlanSocketKey(local.ip(), local.port());
    }
}
