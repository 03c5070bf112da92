package io.ovl.dataplane.testing;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.Errno;
import io.ovl.dataplane.io.TunTapQueue;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A queue of an {@link InMemoryTunTapDevice}.
 *
 * <p>Thread: the test's. Errors: as {@link TunTapQueue}; a frame longer than the reader's room is cut off, as the
 * kernel does.
 */
public final class InMemoryTunTapQueue implements TunTapQueue {
    private final Deque<byte[]> toRead = new ArrayDeque<>();
    private final List<byte[]> written = new ArrayList<>();
    private final UnsafeBuffer range = new UnsafeBuffer(0, 0);
    private boolean isUp = true;
    private boolean isDeleted;

    InMemoryTunTapQueue() {}

    /** The host sends a frame without offloads: its header is all zeros. */
    public void inject(byte[] frame) {
        byte[] whole = new byte[VNET_HEADER_LENGTH + frame.length];
        System.arraycopy(frame, 0, whole, VNET_HEADER_LENGTH, frame.length);
        injectWithHeader(whole);
    }

    /** The host sends a frame with a {@code virtio_net_hdr} of the test's choice in front: a super-packet, say. */
    public void injectWithHeader(byte[] headerAndFrame) {
        toRead.add(headerAndFrame.clone());
    }

    /** Frames injected and not read yet. */
    public int unread() {
        return toRead.size();
    }

    /** Hands over what was written since the last call, each frame behind its {@code virtio_net_hdr}. */
    public List<byte[]> takeWritten() {
        List<byte[]> taken = List.copyOf(written);
        written.clear();
        return taken;
    }

    void up(boolean value) {
        isUp = value;
        toRead.clear();
    }

    void delete() {
        isDeleted = true;
    }

    @Override
    public int read(UnsafeBuffer buffer, int offset, int capacity) {
        if (isDeleted) {
            return -Errno.EBADFD;
        }
        byte[] next = isUp ? toRead.poll() : null;
        if (next == null) {
            return 0;
        }
        int length = Math.min(next.length, capacity);
        buffer.putBytes(offset, next, 0, length);
        return length;
    }

    @Override
    public int write(GatherList frame) {
        if (isDeleted) {
            return -Errno.EBADFD;
        }
        if (!isUp) {
            return -Errno.EIO;
        }
        if (frame.totalLength() <= VNET_HEADER_LENGTH) {
            return -Errno.EINVAL;
        }
        byte[] copy = new byte[frame.totalLength()];
        int at = 0;
        for (int i = 0; i < frame.count(); i++) {
            range.wrap(frame.entryAddress(i), frame.entryLength(i));
            range.getBytes(0, copy, at, frame.entryLength(i));
            at += frame.entryLength(i);
        }
        written.add(copy);
        return copy.length;
    }

    @Override
    public int fd() {
        return -1;
    }
}
