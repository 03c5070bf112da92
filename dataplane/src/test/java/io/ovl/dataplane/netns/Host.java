package io.ovl.dataplane.netns;

import io.ovl.dataplane.netns.Command.Outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * A network namespace that stands for one host.
 *
 * <p>Ownership: made and removed by its {@link Lab}, with every process that still runs in it.
 */
final class Host {
    private static final int PATIENCE_SECONDS = 20;

    private final String namespace;

    Host(String namespace) {
        this.namespace = namespace;
        Command.run("ip", "netns", "add", namespace);
        run("ip", "link", "set", "lo", "up");
        // Otherwise the other addresses of a subnet go with the one that was there first.
        run("sysctl", "-q", "-w", "net.ipv4.conf.all.promote_secondaries=1");
    }

    String namespace() {
        return namespace;
    }

    /** Runs a program that has to succeed. */
    String run(String... command) {
        return run(Map.of(), command);
    }

    String run(Map<String, String> environment, String... command) {
        return Command.run(environment, inside(command));
    }

    Outcome tryRun(String... command) {
        return Command.tryRun(Map.of(), inside(command));
    }

    Outcome tryRun(Map<String, String> environment, String... command) {
        return Command.tryRun(environment, inside(command));
    }

    /** Runs several {@code ip} commands, one in each argument. */
    void ip(String... commands) {
        for (String command : commands) {
            run(
                    Stream.concat(Stream.of("ip"), Arrays.stream(command.split(" ")))
                            .toArray(String[]::new));
        }
    }

    /** Starts a program that goes on until it ends by itself or the lab closes; its output is thrown away. */
    Process start(String... command) {
        return start(ProcessBuilder.Redirect.DISCARD, command);
    }

    /** Starts a program, as above, whose output goes to a file. */
    Process startInto(Path output, String... command) {
        return start(ProcessBuilder.Redirect.to(output.toFile()), command);
    }

    private Process start(ProcessBuilder.Redirect output, String... command) {
        try {
            return new ProcessBuilder(inside(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs code of the test inside the namespace; sockets that it opens stay there. */
    <T> T call(Callable<T> action) {
        return NamespaceThread.call(namespace, action);
    }

    /** Whether one echo request is answered, however long a busy machine takes over it. */
    boolean pings(String address) {
        return ping(PATIENCE_SECONDS, address);
    }

    /** Whether one echo request with a payload of that size is answered, unfragmented on its way. */
    boolean pings(String address, int payloadBytes) {
        return ping(PATIENCE_SECONDS, "-M", "do", "-s", Integer.toString(payloadBytes), address);
    }

    /** Whether one echo request from that address is answered. */
    boolean pingsFrom(String source, String address) {
        return ping(PATIENCE_SECONDS, "-I", source, address);
    }

    /** Whether one echo request stays without an answer for a second. */
    boolean pingsInVain(String address) {
        return !ping(1, address);
    }

    boolean pingsInVain(String address, int payloadBytes) {
        return !ping(1, "-M", "do", "-s", Integer.toString(payloadBytes), address);
    }

    boolean pingsInVainFrom(String source, String address) {
        return !ping(1, "-I", source, address);
    }

    /** Whether echo requests, one a second, are answered at last. */
    boolean reaches(String address) {
        return Eventually.comesTrue(() -> ping(1, address));
    }

    private boolean ping(int waitSeconds, String... arguments) {
        return ping(1, waitSeconds, arguments);
    }

    /** Whether any of these echo requests is answered. */
    private boolean ping(int count, int waitSeconds, String... arguments) {
        return tryRun(
                        Stream.concat(
                                        Stream.of(
                                                "ping",
                                                "-n",
                                                "-c",
                                                Integer.toString(count),
                                                "-W",
                                                Integer.toString(waitSeconds)),
                                        Arrays.stream(arguments))
                                .toArray(String[]::new))
                .succeeded();
    }

    /** Sends echo requests at a fixed pace and returns how many stayed without an answer. */
    int lostPings(String address, int count, double intervalSeconds) {
        try (Pings pings = Pings.start(this, address, intervalSeconds)) {
            return pings.lostOf(count);
        }
    }

    /** Whether none of these echo requests, a hundred a second, has an answer a second after the last. */
    boolean pingsInVainTimes(String address, int count) {
        return !ping(count, 1, "-i", "0.01", address);
    }

    /**
     * The processes that run in this host now. Unlike {@link ProcessHandle#isAlive()} this leaves out those that have
     * ended and wait for the machine's first process to take note.
     */
    List<Long> processIds() {
        return Command.run("ip", "netns", "pids", namespace).lines().map(Long::valueOf).toList();
    }

    /** Tells all processes to end, and does not wait for it. */
    void signalProcesses() {
        processIds().forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroy));
    }

    /** Removes the namespace once its processes have ended, those that ignore the signal by force. */
    void remove() {
        if (!Eventually.comesTrue(() -> processIds().isEmpty())) {
            processIds()
                    .forEach(id -> ProcessHandle.of(id).ifPresent(ProcessHandle::destroyForcibly));
            Eventually.comesTrue(() -> processIds().isEmpty());
        }
        Command.run("ip", "netns", "del", namespace);
    }

    private List<String> inside(String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(Arrays.asList(command));
        return whole;
    }
}
