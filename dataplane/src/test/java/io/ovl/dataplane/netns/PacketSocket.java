package io.ovl.dataplane.netns;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;

/**
 * A raw socket at an interface: sends frames as if a host behind it did, and receives what comes in there, tags
 * included.
 *
 * <p>Thread: one at a time. Errors: {@link AssertionError}. Wire: packet(7); the kernel takes the outer tag off a frame
 * and tells of it in the message's ancillary data.
 */
final class PacketSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
    private static final int ETH_P_ALL = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_AUXDATA = 8;
    private static final int PACKET_VNET_HDR = 15;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int RECEIVE_BUFFER_LENGTH = 64 << 20;
    private static final int POLL_US = 20_000;

    private static final int ADDRESS_LENGTH = 20;
    private static final int MESSAGE_LENGTH = 56;
    private static final int CONTROL_LENGTH = 64;
    private static final int MAX_FRAME = 1 << 16;

    /** In {@code struct cmsghdr} and the {@code struct tpacket_auxdata} behind it. */
    private static final int CONTROL_LEVEL_OFFSET = 8;

    private static final int CONTROL_TYPE_OFFSET = 12;
    private static final int STATUS_OFFSET = 16;
    private static final int TAG_OFFSET = 32;
    private static final int TAG_PROTOCOL_OFFSET = 34;
    private static final int STATUS_TAG_VALID = 1 << 4;

    private static final MethodHandle SOCKET = downcall("socket", 'i', "iii");
    private static final MethodHandle SETSOCKOPT = downcall("setsockopt", 'i', "iiiai");
    private static final MethodHandle BIND = downcall("bind", 'i', "iai");
    private static final MethodHandle INDEX = downcall("if_nametoindex", 'i', "a");
    private static final MethodHandle SEND = downcall("send", 'l', "iali");
    private static final MethodHandle RECEIVE = downcall("recvmsg", 'l', "iai");
    private static final MethodHandle CLOSE = downcall("close", 'i', "i");

    private final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(MAX_FRAME);
    private final MemorySegment in = arena.allocate(MAX_FRAME);
    private final MemorySegment control = arena.allocate(CONTROL_LENGTH, 8);
    private final MemorySegment message = arena.allocate(MESSAGE_LENGTH, 8);
    private final int fd;

    private PacketSocket(String interfaceName, boolean isSuper) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ValueLayout.ADDRESS, 0, in);
        vector.set(ValueLayout.JAVA_LONG, 8, MAX_FRAME);
        message.set(ValueLayout.ADDRESS, 16, vector);
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        message.set(ValueLayout.ADDRESS, 32, control);
        try {
            fd = (int) SOCKET.invokeExact(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
            int index = (int) INDEX.invokeExact(arena.allocateFrom(interfaceName));
            option(SOL_PACKET, PACKET_AUXDATA, 1);
            option(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            if (isSuper) {
                option(SOL_PACKET, PACKET_VNET_HDR, 1);
            }
            option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_LENGTH);
            MemorySegment time = arena.allocate(16, 8);
            time.set(ValueLayout.JAVA_LONG, 8, POLL_US);
            option(SOL_SOCKET, SO_RCVTIMEO, time);
            MemorySegment address = arena.allocate(ADDRESS_LENGTH, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(
                    ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) ETH_P_ALL);
            address.set(ValueLayout.JAVA_INT, 4, index);
            if (index == 0 || (int) BIND.invokeExact(fd, address, ADDRESS_LENGTH) != 0) {
                throw new AssertionError("no raw socket at " + interfaceName);
            }
        } catch (Throwable e) {
            arena.close();
            throw failure(e);
        }
    }

    static PacketSocket open(Host host, String interfaceName) {
        return host.call(() -> new PacketSocket(interfaceName, false));
    }

    /** Opens one to send super-packets, each behind a {@code struct virtio_net_hdr}. */
    static PacketSocket openForSuperPackets(Host host, String interfaceName) {
        return host.call(() -> new PacketSocket(interfaceName, true));
    }

    /** Sends a frame; waits while the interface's queue is full of our own. */
    void send(Frame frame) {
        if (!trySend(frame.bytes())) {
            throw new AssertionError("not sent: " + frame);
        }
    }

    /** Sends a frame, unless the kernel has no room for it. */
    boolean trySend(byte[] frame) {
        MemorySegment.copy(frame, 0, out, ValueLayout.JAVA_BYTE, 0, frame.length);
        try {
            return (long) SEND.invokeExact(fd, out, (long) frame.length, 0) == frame.length;
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** The next frame, or null when none comes within a moment. */
    @Nullable Frame receive() {
        message.set(ValueLayout.JAVA_LONG, 40, CONTROL_LENGTH);
        long length;
        try {
            length = (long) RECEIVE.invokeExact(fd, message, 0);
        } catch (Throwable e) {
            throw failure(e);
        }
        if (length < 0) {
            return null;
        }
        Frame frame = new Frame(in.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        boolean isTagged =
                message.get(ValueLayout.JAVA_LONG, 40) > TAG_PROTOCOL_OFFSET
                        && control.get(ValueLayout.JAVA_INT, CONTROL_LEVEL_OFFSET) == SOL_PACKET
                        && control.get(ValueLayout.JAVA_INT, CONTROL_TYPE_OFFSET) == PACKET_AUXDATA
                        && (control.get(ValueLayout.JAVA_INT, STATUS_OFFSET) & STATUS_TAG_VALID)
                                != 0;
        return isTagged
                ? frame.tagged(
                        control.get(ValueLayout.JAVA_SHORT, TAG_PROTOCOL_OFFSET),
                        control.get(ValueLayout.JAVA_SHORT, TAG_OFFSET))
                : frame;
    }

    @Override
    public void close() {
        try {
            int result = (int) CLOSE.invokeExact(fd);
            arena.close();
            if (result != 0) {
                throw new AssertionError("close");
            }
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private void option(int level, int name, int value) throws Throwable {
        MemorySegment memory = arena.allocate(4, 4);
        memory.set(ValueLayout.JAVA_INT, 0, value);
        option(level, name, memory);
    }

    private void option(int level, int name, MemorySegment value) throws Throwable {
        if ((int) SETSOCKOPT.invokeExact(fd, level, name, value, (int) value.byteSize()) != 0) {
            throw new AssertionError("setsockopt " + level + " " + name);
        }
    }

    private static AssertionError failure(Throwable e) {
        return e instanceof AssertionError error ? error : new AssertionError(e);
    }

    /** Of {@code a} an address, {@code i} an int and {@code l} a long. */
    private static MethodHandle downcall(String symbol, char result, String arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(symbol),
                FunctionDescriptor.of(
                        layout(result),
                        arguments
                                .chars()
                                .mapToObj(letter -> layout((char) letter))
                                .toArray(ValueLayout[]::new)));
    }

    private static ValueLayout layout(char letter) {
        return switch (letter) {
            case 'a' -> ValueLayout.ADDRESS;
            case 'l' -> ValueLayout.JAVA_LONG;
            default -> ValueLayout.JAVA_INT;
        };
    }
}
