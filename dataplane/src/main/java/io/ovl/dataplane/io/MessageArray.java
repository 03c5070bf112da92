package io.ovl.dataplane.io;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * The kernel's {@code struct mmsghdr[]} for recvmmsg and sendmmsg, each entry with a name, one {@code struct iovec} and
 * room for control messages.
 *
 * <p>Thread: one owner. Ownership: owns its memory; borrows what its vectors point to. Wire: native byte order, 64-bit
 * layout:
 *
 * <pre>
 *   0 msg_name     8 msg_namelen    16 msg_iov    24 msg_iovlen
 *  32 msg_control 40 msg_controllen 48 msg_flags  56 msg_len   (64 bytes)
 * </pre>
 */
final class MessageArray {
    /** Room for a {@code sockaddr_in6} (28 bytes). */
    static final int NAME_LENGTH = 32;

    /** Room for what is asked for: packet info 40, traffic class 24, GRO or segment size 24 bytes, and some. */
    static final int CONTROL_LENGTH = 128;

    private static final int HEADER_LENGTH = 64;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int VECTOR_OFFSET = 16;
    private static final int VECTOR_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int RECEIVED_OFFSET = 56;
    private static final int VECTOR_LENGTH = 16;

    private final int capacity;
    private final UnsafeBuffer headers;
    private final UnsafeBuffer vectors;
    private final UnsafeBuffer names;
    private final UnsafeBuffer controls;

    MessageArray(int capacity) {
        this.capacity = capacity;
        headers = allocate(capacity * HEADER_LENGTH);
        vectors = allocate(capacity * VECTOR_LENGTH);
        names = allocate(capacity * NAME_LENGTH);
        controls = allocate(capacity * CONTROL_LENGTH);
        for (int i = 0; i < capacity; i++) {
            int header = i * HEADER_LENGTH;
            headers.putLong(header, names.addressOffset() + nameOffset(i));
            headers.putLong(
                    header + VECTOR_OFFSET, vectors.addressOffset() + (long) i * VECTOR_LENGTH);
            headers.putLong(header + VECTOR_COUNT_OFFSET, 1);
            headers.putLong(header + CONTROL_OFFSET, controls.addressOffset() + controlOffset(i));
            lengths(i, NAME_LENGTH, CONTROL_LENGTH);
        }
    }

    private static UnsafeBuffer allocate(int length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    int capacity() {
        return capacity;
    }

    /** Address of entry {@code index}, for a call that starts there. */
    long address(int index) {
        return headers.addressOffset() + (long) index * HEADER_LENGTH;
    }

    void vector(int index, long address, int length) {
        vectors.putLong(index * VECTOR_LENGTH, address);
        vectors.putLong(index * VECTOR_LENGTH + 8, length);
    }

    /** How long name and control messages are, or, before receiving, may become. */
    void lengths(int index, int nameLength, int controlLength) {
        headers.putInt(index * HEADER_LENGTH + NAME_LENGTH_OFFSET, nameLength);
        headers.putLong(index * HEADER_LENGTH + CONTROL_LENGTH_OFFSET, controlLength);
    }

    UnsafeBuffer names() {
        return names;
    }

    int nameOffset(int index) {
        return index * NAME_LENGTH;
    }

    UnsafeBuffer controls() {
        return controls;
    }

    int controlOffset(int index) {
        return index * CONTROL_LENGTH;
    }

    /** Length of the control messages as the kernel left them. */
    int controlLength(int index) {
        return (int) headers.getLong(index * HEADER_LENGTH + CONTROL_LENGTH_OFFSET);
    }

    /** Bytes received. */
    int receivedLength(int index) {
        return headers.getInt(index * HEADER_LENGTH + RECEIVED_OFFSET);
    }
}
