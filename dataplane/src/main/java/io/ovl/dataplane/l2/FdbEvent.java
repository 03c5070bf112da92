package io.ovl.dataplane.l2;

/** What can happen to an entry of the forwarding database. */
public enum FdbEvent {
    LEARNED("learned"),
    MOVED("moved"),
    AGED("aged"),
    EVICTED("evicted"),
    /** Moved too often: stays where it is for a minute. */
    HELD("held"),
    /** May move again. */
    RELEASED("released"),
    /** Made static by command. */
    ADDED("added"),
    /** Deleted or flushed by command. */
    DELETED("deleted");

    private final String label;

    FdbEvent(String label) {
        this.label = label;
    }

    /** The word for it in {@code ovlctl}. */
    public String label() {
        return label;
    }
}
