package io.ovl.dataplane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace that one thread of this process lives in, with its loopback up. It has no name and ends with its
 * thread and its last socket, so nothing is left behind when a test dies.
 *
 * <p>Thread: any, the namespace's own included. Errors: without the privilege tests that need it are skipped, under CI
 * they fail.
 */
public final class NetworkNamespace implements AutoCloseable {
    /** A piece of a test that may throw anything. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    private static final int CLONE_NEWNET = 0x4000_0000;
    private static final MethodHandle UNSHARE =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("unshare"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle GETTID =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("gettid"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("netns").factory());
    private final Thread thread;
    private final int threadId;

    private NetworkNamespace() {
        thread = call(Thread::currentThread);
        int id = call(NetworkNamespace::unshare);
        if (id < 0) {
            executor.shutdown();
            String reason = "creating a network namespace needs CAP_SYS_ADMIN";
            if (System.getenv("CI") != null) {
                throw new AssertionError(reason);
            }
            Assumptions.abort(reason);
        }
        threadId = id;
        ip("link set lo up");
    }

    public static NetworkNamespace create() {
        return new NetworkNamespace();
    }

    private static int unshare() throws Exception {
        try {
            return (int) UNSHARE.invokeExact(CLONE_NEWNET) == 0 ? (int) GETTID.invokeExact() : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Runs {@code body} in the namespace: sockets and devices that it opens are there. */
    public void run(Body body) {
        call(
                () -> {
                    body.run();
                    return true;
                });
    }

    /** Runs {@code body} in the namespace and returns what it returns. */
    public <T> T call(Callable<T> body) {
        try {
            return Thread.currentThread().equals(thread)
                    ? body.call()
                    : executor.submit(body).get();
        } catch (RuntimeException e) {
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs {@code ip} with arguments separated by single spaces and returns what it printed. */
    public String ip(String arguments) {
        return command("ip " + arguments);
    }

    /** Runs a program in the namespace and returns what it printed. */
    public String command(String line) {
        return call(() -> execute(line));
    }

    private static String execute(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line.split(" ")).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(line + ": " + output);
        }
        return output;
    }

    /** A path that names the namespace while it lives, for {@code ip link set ... netns} by way of {@link #pid}. */
    public String path() {
        return "/proc/self/task/" + threadId + "/ns/net";
    }

    /** The thread's id, which {@code ip link set DEV netns PID} takes for the namespace. */
    public int pid() {
        return threadId;
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("a test's namespace thread does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
