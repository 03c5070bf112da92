package io.ovl.dataplane.control;

import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.JsonObject;
import io.ovl.dataplane.l2.EthernetFlyweight;
import io.ovl.dataplane.l2.MacText;

/**
 * What one entry of the forwarding database is about.
 *
 * <p>Thread: any; immutable.
 *
 * @param segment its segment
 * @param mac a host's
 * @param vlan 0 for untagged frames
 */
public record FdbAddress(FdbQuery segment, long mac, int vlan) {
    /** Reads {@code mac}, {@code segment} or {@code vni}, and {@code vlan}. */
    static FdbAddress read(JsonObject params) throws ControlException {
        long mac = MacText.parse(params.requiredText("mac"));
        if (mac < 0 || !EthernetFlyweight.isUnicast(mac)) {
            throw params.refusal("mac", "a host's address such as 02:00:00:00:00:05");
        }
        FdbQuery segment = FdbQuery.readSegment(params);
        if (segment.segment() == null && segment.vni() == null) {
            throw JsonPeerChange.invalid("\"vni\" or \"segment\" must be given");
        }
        Integer vlan = FdbQuery.readVlan(params);
        return new FdbAddress(segment, mac, vlan == null ? 0 : vlan);
    }
}
