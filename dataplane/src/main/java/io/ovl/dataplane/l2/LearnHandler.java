package io.ovl.dataplane.l2;

/** Takes what workers observed, in the order in which it entered the ring. Called on the conductor. */
public interface LearnHandler {
    /** Takes nothing. */
    LearnHandler NONE =
            new LearnHandler() {
                @Override
                public void onMac(int vni, long mac, int vlan, int port, long seenNs) {}

                @Override
                public void onNeighbor(
                        int vni,
                        int vlan,
                        boolean isIpv6,
                        long ipHigh,
                        long ipLow,
                        long link,
                        long seenNs) {}

                @Override
                public void onVtep(
                        int vni,
                        boolean isIpv6,
                        long ipHigh,
                        long ipLow,
                        int udpPort,
                        long seenNs) {}
            };

    /** A source address that {@link ForwardingDatabase#learn} is to know. */
    void onMac(int vni, long mac, int vlan, int port, long seenNs);

    /** An IP address and where it answers, which {@link NeighborTable#learn} is to know. */
    void onNeighbor(
            int vni, int vlan, boolean isIpv6, long ipHigh, long ipLow, long link, long seenNs);

    /** A VTEP that is not configured, but whose segment is open. */
    void onVtep(int vni, boolean isIpv6, long ipHigh, long ipLow, int udpPort, long seenNs);
}
