package io.ovl.dataplane.l2;

/** What goes over the underlay, which decides how many bytes of it are not payload. */
public enum WireMode {
    /** An IP packet in a WireGuard data message. */
    L3("l3"),
    /** VXLAN header and Ethernet frame in a WireGuard data message. */
    COMPACT("compact"),
    /** Ethernet in VXLAN in UDP in IP in a WireGuard data message. */
    STANDARD("standard"),
    /** RFC 7348 in the clear. */
    VXLAN("vxlan");

    private final String label;

    WireMode(String label) {
        this.label = label;
    }

    /** The word for it in {@code ovlctl}. */
    public String label() {
        return label;
    }

    boolean isSealed() {
        return this != VXLAN;
    }

    boolean isEthernet() {
        return this != L3;
    }
}
