package io.ovl.dataplane.vxlan;

import io.ovl.config.model.IpAddress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The remote VTEPs of all segments by VNI and source address: who may send to a segment in the clear.
 *
 * <p>The UDP source port does not count, since senders hash flows over many. This host's own addresses are refused: a
 * VTEP in its own flood list is a loop.
 *
 * <p>Thread: the conductor changes it; {@link #portId} from any thread, in the snapshot that is published.
 */
public final class VtepTable {
    /** {@link #portId}: not a VTEP of the segment. */
    public static final int UNKNOWN = 0;

    /** Most VTEPs that an open segment takes in unasked. */
    public static final int MAX_MET = 256;

    private final List<Vtep> vteps = new ArrayList<>();
    private final Set<IpAddress> ownAddresses = new HashSet<>();
    private volatile VtepSnapshot snapshot = new VtepSnapshot(List.of());

    /**
     * The port of the VTEP with that source address, or {@link #UNKNOWN}. An IPv4 address stands in the low 32 bits.
     */
    public int portId(int vni, boolean isIpv6, long high, long low) {
        return snapshot.portId(vni, isIpv6, high, low);
    }

    /** Replaces what is known of this host's own addresses. */
    public void ownAddresses(Collection<IpAddress> addresses) {
        ownAddresses.clear();
        ownAddresses.addAll(addresses);
    }

    /** Why the address cannot be a remote VTEP's, in words to follow it; empty when it can. */
    public String refusal(IpAddress ip) {
        if (ownAddresses.contains(ip)) {
            return "is this host's own address";
        }
        boolean isMulticast = ip.isIpv6() ? ip.high() >>> 56 == 0xff : ip.low() >>> 28 == 0xe;
        if (isMulticast) {
            return "is a group's address";
        }
        boolean isNone = (ip.high() | ip.low()) == 0 || !ip.isIpv6() && ip.low() == 0xffff_ffffL;
        return isNone ? "is no host's address" : "";
    }

    /** Whether an open segment may take in one more VTEP that it was not told of. */
    public boolean mayMeet(int vni, IpAddress ip) {
        int met = 0;
        for (Vtep vtep : vteps) {
            met += vtep.vni() == vni && !vtep.isConfigured() ? 1 : 0;
        }
        return met < MAX_MET && refusal(ip).isEmpty() && find(vni, ip) == UNKNOWN;
    }

    /** Adds a VTEP. */
    public void add(Vtep vtep) {
        IpAddress ip = vtep.address().ip();
        String refusal = refusal(ip);
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException(ip + " " + refusal);
        }
        if (find(vtep.vni(), ip) != UNKNOWN) {
            throw new IllegalArgumentException(ip + " is a VTEP of VNI " + vtep.vni() + " already");
        }
        vteps.add(vtep);
        snapshot = new VtepSnapshot(vteps);
    }

    /** Removes a VTEP; false when it is not there. */
    public boolean remove(Vtep vtep) {
        boolean isRemoved = vteps.remove(vtep);
        snapshot = new VtepSnapshot(vteps);
        return isRemoved;
    }

    /** All VTEPs; conductor only. */
    public List<Vtep> vteps() {
        return List.copyOf(vteps);
    }

    private int find(int vni, IpAddress ip) {
        return portId(vni, ip.isIpv6(), ip.high(), ip.low());
    }
}
