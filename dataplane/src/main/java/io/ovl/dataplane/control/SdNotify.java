package io.ovl.dataplane.control;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Tells the service manager how the daemon is: {@code sd_notify(3)} without libsystemd, as the JDK has no unix datagram
 * sockets.
 *
 * <p>Does nothing where {@code NOTIFY_SOCKET} is not set. A name that starts with {@code @} is in the abstract
 * namespace.
 *
 * <p>Thread: one at a time. Errors: none; a service manager that does not listen is no reason to stop.
 *
 * <p>Wire: one datagram of {@code KEY=VALUE} lines.
 */
public final class SdNotify {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_LENGTH = 2;
    private static final int MAX_NAME_LENGTH = 108;

    private final @Nullable DatagramCalls calls;
    private final byte[] name;
    private final long watchdogIntervalUs;

    private SdNotify(@Nullable DatagramCalls calls, byte[] name, long watchdogIntervalUs) {
        this.calls = calls;
        this.name = name;
        this.watchdogIntervalUs = watchdogIntervalUs;
    }

    /** From the environment of a process with id {@code pid}. */
    public static SdNotify of(Map<String, String> environment, long pid) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        byte[] name = socket.getBytes(StandardCharsets.UTF_8);
        boolean isUsable =
                (socket.startsWith("/") || socket.startsWith("@"))
                        && name.length > 1
                        && name.length < MAX_NAME_LENGTH;
        if (!isUsable) {
            return new SdNotify(null, new byte[0], 0);
        }
        String watchdogPid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean isWatched = watchdogPid.isEmpty() || watchdogPid.equals(Long.toString(pid));
        return new SdNotify(
                new DatagramCalls(),
                name,
                isWatched ? microseconds(environment.get("WATCHDOG_USEC")) : 0);
    }

    /**
     * Half the time within which the service manager wants to hear {@link #watchdog}, in nanoseconds; 0 if it does not.
     */
    public long watchdogPeriodNs() {
        return watchdogIntervalUs * 1_000 / 2;
    }

    /** The daemon serves, or serves again after a reload. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + line(status) + "\n");
    }

    /** A reload has begun; {@link #ready} ends it. */
    public void reloading(long monotonicNowNs) {
        send("RELOADING=1\nMONOTONIC_USEC=" + monotonicNowNs / 1_000 + "\n");
    }

    public void stopping() {
        send("STOPPING=1\n");
    }

    /** The daemon is alive. */
    public void watchdog() {
        send("WATCHDOG=1\n");
    }

    /** What the daemon does, in a few words. */
    public void status(String status) {
        send("STATUS=" + line(status) + "\n");
    }

    private void send(String message) {
        if (calls != null) {
            calls.send(name, message.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String line(String text) {
        return text.replace('\n', ' ');
    }

    private static long microseconds(@Nullable String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** The three calls of libc that it takes. */
    private static final class DatagramCalls {
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

        private final MethodHandle socket =
                find("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        private final MethodHandle sendto =
                find(
                        "sendto",
                        FunctionDescriptor.of(
                                LONG,
                                INT,
                                ValueLayout.ADDRESS,
                                LONG,
                                INT,
                                ValueLayout.ADDRESS,
                                INT));
        private final MethodHandle close = find("close", FunctionDescriptor.of(INT, INT));

        void send(byte[] name, byte[] message) {
            try (Arena arena = Arena.ofConfined()) {
                int fd = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
                if (fd < 0) {
                    return;
                }
                MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
                MemorySegment address = arena.allocate(FAMILY_LENGTH + MAX_NAME_LENGTH, 8);
                address.set(
                        ValueLayout.JAVA_SHORT.withOrder(ByteOrder.nativeOrder()),
                        0,
                        (short) AF_UNIX);
                MemorySegment.copy(
                        name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_LENGTH, name.length);
                if (name[0] == '@') {
                    address.set(ValueLayout.JAVA_BYTE, FAMILY_LENGTH, (byte) 0);
                }
                // An abstract name ends where the length says; a path does too, as the rest is
                // zero.
                long _ =
                        (long)
                                sendto.invokeExact(
                                        fd,
                                        text,
                                        (long) message.length,
                                        MSG_NOSIGNAL,
                                        address,
                                        FAMILY_LENGTH + name.length);
                int _ = (int) close.invokeExact(fd);
            } catch (Throwable e) {
                throw new IllegalStateException("a downcall itself does not fail", e);
            }
        }

        private static MethodHandle find(String function, FunctionDescriptor descriptor) {
            SymbolLookup libc = Linker.nativeLinker().defaultLookup();
            return Linker.nativeLinker().downcallHandle(libc.findOrThrow(function), descriptor);
        }
    }
}
