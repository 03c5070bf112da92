package io.ovl.dataplane.io;

/**
 * Work on packets that the kernel leaves to us, and with it hands over super-packets whole (TUNSETOFFLOAD).
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
    USO
}
