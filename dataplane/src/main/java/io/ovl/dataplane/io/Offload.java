package io.ovl.dataplane.io;

import java.util.Locale;

/**
 * Work on many packets at once that ovl and the kernel agree on: of a device, which hands over super-packets whole
 * (TUNSETOFFLOAD), or of a socket.
 *
 * <p>Thread: any.
 */
public enum Offload {
    /** Checksums of TCP and UDP may be unfinished in what is read. */
    CHECKSUM,
    /** What is read may be a TCP super-packet over IPv4. */
    TSO4,
    /** What is read may be a TCP super-packet over IPv6. */
    TSO6,
    /** What is read may be several UDP datagrams of equal length, over IPv4 and IPv6. Linux 6.2 and later. */
    USO,
    /** A message that is sent may be several datagrams of equal length. */
    UDP_SEGMENT,
    /** A message that is received may be several datagrams of equal length. */
    UDP_GRO;

    /** The word for it in {@code ovlctl}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
