package io.ovl.dataplane.vxlan;

import io.ovl.config.model.UdpAddress;

/**
 * A remote VTEP of a segment in the clear.
 *
 * <p>Thread: any; immutable.
 *
 * @param portId of its port in the segment
 * @param isConfigured else it was met in an open segment
 */
public record Vtep(int vni, UdpAddress address, int portId, boolean isConfigured) {}
