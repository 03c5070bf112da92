package io.ovl.dataplane.l2;

/** Takes entries of the neighbour table, in no order. An IPv4 address stands in the low 32 bits of {@code ipLow}. */
@FunctionalInterface
public interface NeighborVisitor {
    void onNeighbor(
            int vni,
            int vlan,
            boolean isIpv6,
            long ipHigh,
            long ipLow,
            long mac,
            boolean isRouter,
            long ageNs);
}
