package io.ovl.dataplane.io;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * An rtnetlink socket: requests with one answer each, or a subscription to what changes.
 *
 * <p>Thread: one owner. Wire: native byte order; {@code nlmsghdr} is length (4), type (2), flags (2), sequence (4),
 * port (4); attributes are length (2), type (2), data, padded to 4 bytes. Errors: {@link #open} throws; the rest
 * answers with negated errnos.
 */
final class NetlinkSocket implements AutoCloseable {
    /** Offset of what follows a message's header. */
    static final int BODY_OFFSET = 16;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 0x80803;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_LISTEN_ALL_NSID = 8;
    private static final int MSG_DONTWAIT = 0x40;

    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_DUMP = 0x300;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int TYPE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;

    private final LibC libc = new LibC();
    private final UnsafeBuffer request = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final UnsafeBuffer answer = new UnsafeBuffer(ByteBuffer.allocateDirect(32 * 1024));
    private final int fd;
    private int requestLength;
    private int answerLength;
    private int sequence;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /** Opens in the network namespace of the calling thread, subscribed to {@code groups} (RTMGRP_*), 0 for none. */
    static NetlinkSocket open(int groups) throws DeviceException {
        LibC libc = new LibC();
        int fd = libc.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_ROUTE);
        int result = fd;
        if (fd >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocate(12, 4);
                name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
                name.set(ValueLayout.JAVA_INT, 8, groups);
                result = libc.bind(fd, name.address(), 12);
            }
            if (result < 0) {
                libc.close(fd);
            }
        }
        if (result < 0) {
            throw new DeviceException("open an rtnetlink socket: " + Errno.name(-result), -result);
        }
        return new NetlinkSocket(fd);
    }

    int fd() {
        return fd;
    }

    /** Listens also to namespaces that this one has an id for; without CAP_NET_BROADCAST nothing changes. */
    void listenElsewhere() {
        libc.setIntOption(fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1);
    }

    /** Reads the next event: its message type, 0 when there is none, {@code -ENOBUFS} when some were lost. */
    int nextEvent() {
        int length = libc.recv(fd, answer.addressOffset(), answer.capacity(), MSG_DONTWAIT);
        if (length == -Errno.ENOBUFS) {
            return length;
        }
        return length < BODY_OFFSET ? 0 : answer.getShort(TYPE_OFFSET);
    }

    /** Reads all events: whether there were any, lost ones included. */
    boolean hasEvents() {
        boolean hasEvents = false;
        while (nextEvent() != 0) {
            hasEvents = true;
        }
        return hasEvents;
    }

    /** Starts a request; its body of {@code bodyLength} bytes is zeros until {@link #body} is written to. */
    void begin(int type, int flags, int bodyLength) {
        requestLength = BODY_OFFSET + bodyLength;
        request.setMemory(0, requestLength, (byte) 0);
        request.putShort(TYPE_OFFSET, (short) type);
        request.putShort(FLAGS_OFFSET, (short) (flags | NLM_F_REQUEST));
        request.putInt(SEQUENCE_OFFSET, ++sequence);
    }

    /** The request, its body at {@link #BODY_OFFSET}. */
    UnsafeBuffer body() {
        return request;
    }

    void attribute(int type, int value) {
        int data = attributeHeader(type, 4);
        request.putInt(data, value);
    }

    void attribute(int type, byte[] value) {
        int data = attributeHeader(type, value.length);
        request.putBytes(data, value);
    }

    private int attributeHeader(int type, int dataLength) {
        int offset = requestLength;
        request.putShort(offset, (short) (ATTRIBUTE_HEADER_LENGTH + dataLength));
        request.putShort(offset + 2, (short) type);
        requestLength += ATTRIBUTE_HEADER_LENGTH + dataLength + 3 & ~3;
        return offset + ATTRIBUTE_HEADER_LENGTH;
    }

    /** Sends the request and reads its answer, which is there when sending returns: 0, or a negated errno. */
    int exchange() {
        request.putInt(0, requestLength);
        int result = libc.send(fd, request.addressOffset(), requestLength, 0);
        if (result < 0) {
            return result;
        }
        do {
            answerLength = libc.recv(fd, answer.addressOffset(), answer.capacity(), MSG_DONTWAIT);
            if (answerLength < BODY_OFFSET + 4) {
                return Math.min(answerLength, -1);
            }
        } while (answer.getInt(SEQUENCE_OFFSET) != sequence);
        return answer.getShort(TYPE_OFFSET) == NLMSG_ERROR ? answer.getInt(BODY_OFFSET) : 0;
    }

    /** Told each message of a dump: where its body is in {@link #answer}, and where it ends. */
    @FunctionalInterface
    interface DumpHandler {
        void onMessage(int bodyOffset, int endOffset);
    }

    /**
     * Sends the request, begun without flags, and reads a list of answers: 0, or a negated errno after which some may
     * be missing.
     */
    int dump(DumpHandler handler) {
        request.putShort(FLAGS_OFFSET, (short) (NLM_F_DUMP | NLM_F_REQUEST));
        request.putInt(0, requestLength);
        int result = libc.send(fd, request.addressOffset(), requestLength, 0);
        while (result >= 0) {
            int length = libc.recv(fd, answer.addressOffset(), answer.capacity(), MSG_DONTWAIT);
            if (length < BODY_OFFSET) {
                return Math.min(length, -1);
            }
            for (int at = 0; at + BODY_OFFSET <= length; ) {
                int end = at + answer.getInt(at);
                if (end < at + BODY_OFFSET || end > length) {
                    return -1;
                }
                if (answer.getInt(at + SEQUENCE_OFFSET) == sequence) {
                    int type = answer.getShort(at + TYPE_OFFSET);
                    if (type == NLMSG_DONE) {
                        return 0;
                    }
                    if (type == NLMSG_ERROR) {
                        return answer.getInt(at + BODY_OFFSET);
                    }
                    handler.onMessage(at + BODY_OFFSET, end);
                }
                at = end + 3 & ~3;
            }
        }
        return result;
    }

    /** The answer, its body at {@link #BODY_OFFSET}. */
    UnsafeBuffer answer() {
        return answer;
    }

    /**
     * Where the data of an attribute of {@link #answer} is, among those from {@code offset} to {@code end}; -1 when it
     * is not there.
     */
    int attributeOffset(int offset, int end, int type) {
        int at = offset;
        while (at + ATTRIBUTE_HEADER_LENGTH <= end) {
            if ((answer.getShort(at + 2) & ATTRIBUTE_TYPE_MASK) == type) {
                return at + ATTRIBUTE_HEADER_LENGTH;
            }
            int length = answer.getShort(at) & 0xffff;
            at += Math.max(ATTRIBUTE_HEADER_LENGTH, length + 3 & ~3);
        }
        return -1;
    }

    /** The value of an attribute behind a body of that length in the answer, {@code absent} when there is none. */
    int intAttribute(int bodyLength, int type, int absent) {
        int end = Math.min(answerLength, answer.getInt(0));
        int offset = BODY_OFFSET + bodyLength;
        while (offset + ATTRIBUTE_HEADER_LENGTH + 4 <= end) {
            int length = answer.getShort(offset) & 0xffff;
            if ((answer.getShort(offset + 2) & ATTRIBUTE_TYPE_MASK) == type) {
                return answer.getInt(offset + ATTRIBUTE_HEADER_LENGTH);
            }
            offset += Math.max(ATTRIBUTE_HEADER_LENGTH, length + 3 & ~3);
        }
        return absent;
    }

    @Override
    public void close() {
        libc.close(fd);
    }
}
