package io.ovl.dataplane.l2;

/**
 * Where frames of a segment enter and leave: its TAP, a peer, or a remote VTEP.
 *
 * <p>A peer is one port in all the segments that it is configured for.
 *
 * <p>Thread: any; immutable.
 *
 * @param id 1 to {@link #MAX_ID}; what the forwarding database stores
 * @param name the TAP's name, the peer's name, or the VTEP's address
 */
public record Port(int id, Kind kind, String name) {
    /** Not a port: no entry, or nowhere. */
    public static final int NONE = 0;

    public static final int MAX_ID = 0xffff;

    /** What stands behind a port. */
    public enum Kind {
        TAP("tap"),
        PEER("peer"),
        VTEP("vtep");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The word for it in {@code ovlctl}. */
        public String label() {
            return label;
        }
    }

    public Port {
        if (id < 1 || id > MAX_ID) {
            throw new IllegalArgumentException("a port id is 1 to " + MAX_ID + ", not " + id);
        }
    }

    /** Whether frames reach the port over the underlay. */
    public boolean isTunnel() {
        return kind != Kind.TAP;
    }
}
