package io.ovl.dataplane.io;

import io.ovl.dataplane.buffer.LazyMemory;

import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams on their way to the socket: consecutive ones for the same endpoint lie back to back as segments of one
 * message, which leaves in one system call (UDP_SEGMENT).
 *
 * <p>Segments of a message have the same length but for the last, which may be shorter and closes the message.
 *
 * <p>Thread: one owner. Ownership: owns its memory; a reservation is the caller's until {@link #commit}. Units: bytes.
 */
public final class SendBatch {
    /** Most messages of a batch. */
    public static final int MAX_MESSAGES = 64;

    /** Most segments of a message: the kernel's UDP_MAX_SEGMENTS before Linux 6.9. */
    public static final int MAX_SEGMENTS = 64;

    /** Most bytes of a message: the largest UDP payload over IPv4. */
    public static final int MAX_MESSAGE_LENGTH = 65_507;

    private static final int CAPACITY = 256 * 1024;

    private final UnsafeBuffer buffer = LazyMemory.allocate(CAPACITY);
    private final @Nullable Endpoint[] endpoints = new Endpoint[MAX_MESSAGES];
    private final int[] offsets = new int[MAX_MESSAGES];
    private final int[] lengths = new int[MAX_MESSAGES];
    private final int[] segmentLengths = new int[MAX_MESSAGES];
    private final int[] segmentCounts = new int[MAX_MESSAGES];
    private final byte[] trafficClasses = new byte[MAX_MESSAGES];
    private final int[] errnos = new int[MAX_MESSAGES];
    private final boolean[] isSourceRefused = new boolean[MAX_MESSAGES];
    private int count;
    private int end;
    private boolean isLastOpen;

    /** Whether a datagram of {@code length} bytes can be reserved; when not, send and clear first. */
    public boolean hasRoom(int length) {
        return count < MAX_MESSAGES && end + length <= CAPACITY;
    }

    /** Offset in {@link #buffer} at which the next datagram is to be written. */
    public int reserve() {
        return end;
    }

    /** Takes the {@code length} bytes written at {@link #reserve} as a datagram. */
    @SuppressWarnings(
            "ReferenceEquality") // a peer's endpoint object changes only when the endpoint does
    public void commit(Endpoint endpoint, int trafficClass, int length) {
        int last = count - 1;
        if (isLastOpen
                && endpoints[last] == endpoint
                && trafficClasses[last] == (byte) trafficClass
                && length <= segmentLengths[last]
                && segmentCounts[last] < MAX_SEGMENTS
                && lengths[last] + length <= MAX_MESSAGE_LENGTH) {
            lengths[last] += length;
            segmentCounts[last]++;
            isLastOpen = length == segmentLengths[last];
        } else {
            endpoints[count] = endpoint;
            trafficClasses[count] = (byte) trafficClass;
            offsets[count] = end;
            lengths[count] = length;
            segmentLengths[count] = length;
            segmentCounts[count] = 1;
            errnos[count] = 0;
            isSourceRefused[count] = false;
            isLastOpen = true;
            count++;
        }
        end += length;
    }

    /** Forgets all messages. */
    public void clear() {
        for (int i = 0; i < count; i++) {
            endpoints[i] = null;
        }
        count = 0;
        end = 0;
        isLastOpen = false;
    }

    public UnsafeBuffer buffer() {
        return buffer;
    }

    /** Number of messages. */
    public int count() {
        return count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    @SuppressWarnings("NullAway") // entries below count are set
    public Endpoint endpoint(int index) {
        return endpoints[index];
    }

    /** Offset of the message in {@link #buffer}. */
    public int offset(int index) {
        return offsets[index];
    }

    /** Length of the whole message. */
    public int length(int index) {
        return lengths[index];
    }

    /** Length of each of its segments but perhaps the last. */
    public int segmentLength(int index) {
        return segmentLengths[index];
    }

    public int segmentCount(int index) {
        return segmentCounts[index];
    }

    /** The outer TOS or traffic class octet, 0 to 255. */
    public int trafficClass(int index) {
        return trafficClasses[index] & 0xff;
    }

    /** What the kernel answered, positive, 0 for success. */
    public int errno(int index) {
        return errnos[index];
    }

    /** Set by the bind that sent the batch. */
    public void errno(int index, int errno) {
        errnos[index] = errno;
    }

    /** Whether the kernel refused the endpoint's source address: the peer's endpoint should forget it. */
    public boolean isSourceRefused(int index) {
        return isSourceRefused[index];
    }

    /** Set by the bind that sent the batch. */
    public void markSourceRefused(int index) {
        isSourceRefused[index] = true;
    }
}
