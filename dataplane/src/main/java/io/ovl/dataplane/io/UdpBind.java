package io.ovl.dataplane.io;

/**
 * One worker's UDP socket on the underlay, IPv4 and IPv6 on the same port.
 *
 * <p>Thread: its worker; the conductor sends handshakes through a bind of its own on the same socket.
 * Ownership: borrows batches for the length of a call. Errors: never thrown; see each method.
 */
public interface UdpBind extends AutoCloseable {
    /**
     * Receives what is there, up to the batch's capacity, into the batch, which is cleared first.
     *
     * @return the number of messages, 0 when there are none, or a negated errno (all of which are passing: count and go
     *     on)
     */
    int receive(ReceiveBatch batch);

    /**
     * Sends every message of the batch in order and notes for each its errno, 0 for success. A message whose source
     * address the kernel refuses is sent again without it at once and marked {@link SendBatch#isSourceRefused}. The
     * batch is left for the caller to read and clear. A full socket buffer drops what does not fit: errno EAGAIN or
     * ENOBUFS.
     *
     * @return the number of messages with an errno other than 0
     */
    int send(SendBatch batch);

    /** The bound port. */
    int port();

    /** The file descriptor to wait on, or -1 when there is none. */
    int fd();

    @Override
    void close();
}
