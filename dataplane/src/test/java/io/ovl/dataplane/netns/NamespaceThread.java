package io.ovl.dataplane.netns;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs code inside a network namespace: a namespace is a property of each thread, and a socket stays where it was
 * opened.
 *
 * <p>Thread: each call has a thread of its own, which ends with it.
 */
final class NamespaceThread {
    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final int O_RDONLY_CLOEXEC = 0x8_0000;
    private static final int LIMIT_SECONDS = 60;

    private static final MethodHandle OPEN =
            downcall(
                    "open",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS =
            downcall(
                    "setns",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            downcall("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private NamespaceThread() {}

    static <T> T call(String namespace, Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("in-" + namespace)
                .daemon()
                .start(
                        () -> {
                            try {
                                enter(namespace);
                                result.complete(action.call());
                            } catch (Throwable e) {
                                result.completeExceptionally(e);
                            }
                        });
        try {
            return result.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed inside " + namespace, e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError(
                    "did not end within " + LIMIT_SECONDS + " s inside " + namespace, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted inside " + namespace, e);
        }
    }

    private static void enter(String namespace) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    (int)
                            OPEN.invokeExact(
                                    arena.allocateFrom("/run/netns/" + namespace),
                                    O_RDONLY_CLOEXEC);
            int entered = fd < 0 ? -1 : (int) SETNS.invokeExact(fd, CLONE_NEWNET);
            if (fd >= 0 && (int) CLOSE.invokeExact(fd) != 0 || entered != 0) {
                throw new IOException("cannot enter network namespace " + namespace);
            }
        }
    }

    private static MethodHandle downcall(
            String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(symbol), descriptor, options);
    }
}
