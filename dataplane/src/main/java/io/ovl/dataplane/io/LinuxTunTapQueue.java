package io.ovl.dataplane.io;

import io.ovl.dataplane.buffer.GatherList;

import org.agrona.concurrent.UnsafeBuffer;

/** A queue of a {@link LinuxTunTap}: one system call for each frame, none of them ever waits. */
final class LinuxTunTapQueue implements TunTapQueue {
    private final LibC libc = new LibC();
    private final int fd;

    LinuxTunTapQueue(int fd) {
        this.fd = fd;
    }

    @Override
    public int read(UnsafeBuffer buffer, int offset, int capacity) {
        buffer.boundsCheck(offset, capacity);
        int result = libc.read(fd, buffer.addressOffset() + offset, capacity);
        return result == -Errno.EAGAIN || result == -Errno.EINTR ? 0 : result;
    }

    @Override
    public int write(GatherList frame) {
        return libc.writev(fd, frame.address(), frame.count());
    }

    @Override
    public int fd() {
        return fd;
    }
}
