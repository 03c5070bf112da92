package io.ovl.dataplane.path;

import io.ovl.dataplane.io.Endpoint;
import io.ovl.dataplane.io.VxlanSockets;
import io.ovl.dataplane.vxlan.OuterHeaderPolicy;
import io.ovl.dataplane.vxlan.VxlanFlyweight;

/**
 * A remote VTEP as a port of the switch: frames travel in the clear.
 *
 * <p>Thread: any; immutable. Ownership: borrows the sockets, which are closed only when no worker uses the target any
 * more.
 */
public record VtepTarget(Endpoint endpoint, OuterHeaderPolicy policy, VxlanSockets sockets)
        implements TunnelTarget {
    @Override
    public int headerLength() {
        return VxlanFlyweight.HEADER_LENGTH;
    }
}
