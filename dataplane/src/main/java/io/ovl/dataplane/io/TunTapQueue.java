package io.ovl.dataplane.io;

import io.ovl.dataplane.buffer.GatherList;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One queue of a TUN or TAP device, every frame preceded by a 10-byte {@code virtio_net_hdr} in native byte order.
 *
 * <p>Thread: its worker. Ownership: borrows buffers for the length of a call. Errors: never thrown; a negative result
 * is a negated errno. {@code -EIO} on write: the interface is down. {@code -EBADFD}: it has been deleted, the queue is
 * dead.
 */
public interface TunTapQueue {
    /** Length of the header in front of every frame. */
    int VNET_HEADER_LENGTH = 10;

    /**
     * Reads one frame, which may be a super-packet of up to 65,535 bytes.
     *
     * @return header and frame in bytes, 0 when there is none to read, or a negated errno
     */
    int read(UnsafeBuffer buffer, int offset, int capacity);

    /**
     * Writes one frame gathered from several places, the header first.
     *
     * @return bytes written, or a negated errno
     */
    int write(GatherList frame);

    /** The file descriptor to wait on, or -1 when there is none. */
    int fd();
}
