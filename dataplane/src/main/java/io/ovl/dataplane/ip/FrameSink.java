package io.ovl.dataplane.ip;

import io.ovl.dataplane.buffer.GatherList;

/**
 * Takes the frames that a {@link Coalescer} has made.
 *
 * <p>Thread: the coalescer's. Ownership: {@code frame} and what it points to are borrowed for the length of the call.
 */
public interface FrameSink {
    /**
     * Writes one frame, its virtio header first.
     *
     * @param packetCount number of packets that the frame stands for
     */
    void write(GatherList frame, int packetCount);
}
