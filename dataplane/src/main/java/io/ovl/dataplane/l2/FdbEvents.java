package io.ovl.dataplane.l2;

/** Takes what happens in the forwarding database, for {@code ovlctl fdb watch}. Called on the conductor. */
@FunctionalInterface
public interface FdbEvents {
    /** Takes nothing. */
    FdbEvents NONE = (event, vni, mac, vlan, port, previousPort) -> {};

    /**
     * Something happened.
     *
     * @param port where the entry is now, or was last
     * @param previousPort where a moved entry was; where frames of a held one come from as well; else {@link Port#NONE}
     */
    void onFdbEvent(FdbEvent event, int vni, long mac, int vlan, int port, int previousPort);
}
