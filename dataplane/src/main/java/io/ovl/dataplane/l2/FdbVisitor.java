package io.ovl.dataplane.l2;

/** Takes entries of the forwarding database, in no order. */
@FunctionalInterface
public interface FdbVisitor {
    /** One entry; {@code ageNs} is the time since a frame of it was last noted, at most a second too long. */
    void onEntry(int vni, long mac, int vlan, int port, FdbState state, long ageNs);
}
