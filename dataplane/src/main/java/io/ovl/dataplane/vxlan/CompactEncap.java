package io.ovl.dataplane.vxlan;

import io.ovl.dataplane.ip.Encap;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * L2 compact: the VXLAN header alone, in a WireGuard data message.
 *
 * <p>Thread: any; stateless.
 */
public final class CompactEncap implements Encap {
    public static final CompactEncap INSTANCE = new CompactEncap();

    private CompactEncap() {}

    @Override
    public int headerLength() {
        return VxlanFlyweight.HEADER_LENGTH;
    }

    @Override
    public void apply(UnsafeBuffer buffer, int offset, int length, int vni) {
        VxlanFlyweight.put(buffer, offset - VxlanFlyweight.HEADER_LENGTH, vni);
    }
}
