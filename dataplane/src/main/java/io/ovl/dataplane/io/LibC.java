package io.ovl.dataplane.io;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's functions that devices and sockets need, with the convention of the raw system calls: what would be
 * -1 with an errno is the negated errno.
 *
 * <p>Pointers are plain numbers: packet memory is direct buffers, whose addresses are known, and a call then allocates
 * nothing.
 *
 * <p>Thread: one owner, because errno is caught into memory of the instance. Ownership: borrows memory for the length
 * of a call.
 */
final class LibC {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            ERRNO_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle OPEN = variadic("open", INT, POINTER, INT);
    private static final MethodHandle CLOSE = function("close", INT, INT);
    private static final MethodHandle READ = function("read", LONG, INT, LONG, LONG);
    private static final MethodHandle WRITE = function("write", LONG, INT, LONG, LONG);
    private static final MethodHandle WRITEV = function("writev", LONG, INT, LONG, INT);
    private static final MethodHandle IOCTL = variadic("ioctl", INT, INT, LONG, LONG);
    private static final MethodHandle POLL = function("poll", INT, LONG, LONG, INT);
    private static final MethodHandle SOCKET = function("socket", INT, INT, INT, INT);
    private static final MethodHandle SOCKETPAIR = function("socketpair", INT, INT, INT, INT, LONG);
    private static final MethodHandle BIND = function("bind", INT, INT, LONG, INT);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", INT, INT, INT, INT, LONG, INT);
    private static final MethodHandle GETSOCKOPT =
            function("getsockopt", INT, INT, INT, INT, LONG, LONG);
    private static final MethodHandle GETSOCKNAME = function("getsockname", INT, INT, LONG, LONG);
    private static final MethodHandle DUP2 = function("dup2", INT, INT, INT);
    private static final MethodHandle RECV = function("recv", LONG, INT, LONG, LONG, INT);
    private static final MethodHandle SEND = function("send", LONG, INT, LONG, LONG, INT);
    private static final MethodHandle RECVMMSG =
            function("recvmmsg", INT, INT, LONG, INT, INT, LONG);
    private static final MethodHandle SENDMMSG = function("sendmmsg", INT, INT, LONG, INT, INT);
    private static final MethodHandle IF_NAMETOINDEX = function("if_nametoindex", INT, POINTER);

    // An automatic arena: its segments cost no reference count on each call, a shared one's would.
    private final MemorySegment errno = Arena.ofAuto().allocate(ERRNO_LAYOUT);

    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return result((int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int close(int fd) {
        try {
            return result((int) CLOSE.invokeExact(errno, fd));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int dup2(int fd, int target) {
        try {
            return result((int) DUP2.invokeExact(errno, fd, target));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int read(int fd, long address, int length) {
        try {
            return result((int) (long) READ.invokeExact(errno, fd, address, (long) length));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int write(int fd, long address, int length) {
        try {
            return result((int) (long) WRITE.invokeExact(errno, fd, address, (long) length));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int writev(int fd, long vectors, int count) {
        try {
            return result((int) (long) WRITEV.invokeExact(errno, fd, vectors, count));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** {@code argument} is an address or a number, as the request has it. */
    int ioctl(int fd, long request, long argument) {
        try {
            return result((int) IOCTL.invokeExact(errno, fd, request, argument));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int poll(long descriptors, int count, int timeoutMs) {
        try {
            return result((int) POLL.invokeExact(errno, descriptors, (long) count, timeoutMs));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int socket(int family, int type, int protocol) {
        try {
            return result((int) SOCKET.invokeExact(errno, family, type, protocol));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the two descriptors to {@code descriptors}. */
    int socketpair(int family, int type, int protocol, long descriptors) {
        try {
            return result((int) SOCKETPAIR.invokeExact(errno, family, type, protocol, descriptors));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int bind(int fd, long name, int length) {
        try {
            return result((int) BIND.invokeExact(errno, fd, name, length));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int setIntOption(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(INT, value).address();
            return result((int) SETSOCKOPT.invokeExact(errno, fd, level, option, address, 4));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The option's value, or a negated errno: only for options whose value is not negative. */
    int intOption(int fd, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(INT);
            long length = arena.allocateFrom(INT, 4).address();
            int result =
                    (int) GETSOCKOPT.invokeExact(errno, fd, level, option, value.address(), length);
            return result < 0 ? result(result) : value.get(INT, 0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int getsockname(int fd, long name, long length) {
        try {
            return result((int) GETSOCKNAME.invokeExact(errno, fd, name, length));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int recv(int fd, long address, int length, int flags) {
        try {
            return result((int) (long) RECV.invokeExact(errno, fd, address, (long) length, flags));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int send(int fd, long address, int length, int flags) {
        try {
            return result((int) (long) SEND.invokeExact(errno, fd, address, (long) length, flags));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int recvmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) RECVMMSG.invokeExact(errno, fd, messages, count, flags, 0L));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    int sendmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) SENDMMSG.invokeExact(errno, fd, messages, count, flags));
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The interface's index in this thread's network namespace, or a negated errno. */
    int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int index = (int) IF_NAMETOINDEX.invokeExact(errno, arena.allocateFrom(name));
            return index == 0 ? result(-1) : index;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private int result(int returned) {
        return returned < 0 ? -errno.get(INT, ERRNO_OFFSET) : returned;
    }

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments), captureErrno());
    }

    /** The last argument is the variable one. */
    private static MethodHandle variadic(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(
                name,
                FunctionDescriptor.of(result, arguments),
                captureErrno(),
                Linker.Option.firstVariadicArg(arguments.length - 1));
    }

    private static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static Linker.Option captureErrno() {
        return Linker.Option.captureCallState("errno");
    }
}
