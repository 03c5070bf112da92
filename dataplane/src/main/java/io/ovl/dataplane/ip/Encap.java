package io.ovl.dataplane.ip;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a tunnel puts in front of each packet or frame.
 *
 * <p>Thread: any; stateless or immutable. Ownership: borrows the buffer for the length of a call; writes only into the
 * {@link #headerLength} bytes in front of the packet.
 */
public interface Encap {
    /** Nothing: an IP packet in a WireGuard data message. */
    Encap NONE =
            new Encap() {
                @Override
                public int headerLength() {
                    return 0;
                }

                @Override
                public void apply(UnsafeBuffer buffer, int offset, int length, int vni) {}
            };

    /** How many bytes it puts in front. */
    int headerLength();

    /** Writes the header of segment {@code vni} in front of the {@code length} bytes at {@code offset}. */
    void apply(UnsafeBuffer buffer, int offset, int length, int vni);
}
