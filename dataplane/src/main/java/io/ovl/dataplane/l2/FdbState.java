package io.ovl.dataplane.l2;

/** How an entry of the forwarding database came to be. */
public enum FdbState {
    LEARNED("learned"),
    STATIC("static");

    private final String label;

    FdbState(String label) {
        this.label = label;
    }

    /** The word for it in {@code ovlctl}. */
    public String label() {
        return label;
    }
}
