package io.ovl.dataplane.vxlan;

import io.ovl.config.model.IpAddress;

import java.util.List;

/**
 * VTEPs at one moment, in a hash table with open addressing that is at most half full.
 *
 * <p>Layout: a place is four words: VNI and family, zero in a free place; address high; address low; port id.
 *
 * <p>Thread: any; never changes once published.
 */
final class VtepSnapshot {
    private static final int STRIDE = 4;

    private final long[] words;
    private final int mask;

    VtepSnapshot(List<Vtep> vteps) {
        int places = Integer.highestOneBit(Math.max(1, vteps.size())) * 4;
        mask = places - 1;
        words = new long[places * STRIDE];
        for (Vtep vtep : vteps) {
            IpAddress ip = vtep.address().ip();
            long scope = scope(vtep.vni(), ip.isIpv6());
            int place = place(scope, ip.high(), ip.low());
            while (words[place] != 0) {
                place = next(place);
            }
            words[place] = scope;
            words[place + 1] = ip.high();
            words[place + 2] = ip.low();
            words[place + 3] = vtep.portId();
        }
    }

    int portId(int vni, boolean isIpv6, long high, long low) {
        long scope = scope(vni, isIpv6);
        int place = place(scope, high, low);
        while (words[place] != 0) {
            if (words[place] == scope && words[place + 2] == low && words[place + 1] == high) {
                return (int) words[place + 3];
            }
            place = next(place);
        }
        return VtepTable.UNKNOWN;
    }

    private int next(int place) {
        return (place / STRIDE + 1 & mask) * STRIDE;
    }

    private int place(long scope, long high, long low) {
        long mixed = (scope * 0x1_0001 ^ low ^ Long.rotateLeft(high, 32)) * 0x9e37_79b9_7f4a_7c15L;
        return (int) (mixed >>> 32 & mask) * STRIDE;
    }

    private static long scope(int vni, boolean isIpv6) {
        return (long) vni << 2 | (isIpv6 ? 2 : 0) | 1;
    }
}
