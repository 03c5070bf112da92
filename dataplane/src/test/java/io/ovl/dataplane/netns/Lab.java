package io.ovl.dataplane.netns;

import io.ovl.dataplane.netns.Command.Outcome;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Hosts, the wires between them and the tunnels on them; all of it goes when the lab closes, and at the latest when the
 * JVM ends.
 *
 * <p>Namespaces carry the process id of the JVM that made them, so that what a killed run left behind is found and
 * removed by the next.
 */
final class Lab implements AutoCloseable {
    private static final String PREFIX = "ovlit-";
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Set<Lab> OPEN = ConcurrentHashMap.newKeySet();

    static {
        removeLeftovers();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> OPEN.forEach(Lab::close)));
    }

    private final int number = COUNT.incrementAndGet();
    private final Deque<Host> hosts = new ArrayDeque<>();
    private final Path folder;
    private final AtomicInteger fileCount = new AtomicInteger();

    Lab() {
        try {
            folder =
                    Files.createTempDirectory(
                            "ovl-it-",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        OPEN.add(this);
    }

    Host host(String name) {
        Host host = new Host(PREFIX + ProcessHandle.current().pid() + "-" + number + "-" + name);
        hosts.push(host);
        return host;
    }

    /** Joins two hosts by a veth pair: one end in each, named as given, both up. */
    void wire(Host left, String leftInterface, Host right, String rightInterface) {
        Command.run(
                "ip",
                "link",
                "add",
                leftInterface,
                "netns",
                left.namespace(),
                "type",
                "veth",
                "peer",
                "name",
                rightInterface,
                "netns",
                right.namespace());
        left.ip("link set " + leftInterface + " up");
        right.ip("link set " + rightInterface + " up");
    }

    /** A file that only root reads, removed with the lab. */
    Path file(String content) {
        return file("file" + fileCount.incrementAndGet(), content);
    }

    Path file(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!OPEN.remove(this)) {
            return;
        }
        // All daemons end at the same time.
        hosts.forEach(Host::signalProcesses);
        while (!hosts.isEmpty()) {
            hosts.pop().remove();
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void removeLeftovers() {
        Command.run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .filter(name -> name.matches(PREFIX + "\\d+-.*"))
                .filter(name -> ProcessHandle.of(Long.parseLong(name.split("-", -1)[1])).isEmpty())
                .forEach(Lab::removeLeftover);
    }

    /** Another run may do the same at the same time. */
    private static void removeLeftover(String namespace) {
        Outcome pids = Command.tryRun(Map.of(), List.of("ip", "netns", "pids", namespace));
        if (!pids.succeeded()) {
            return;
        }
        pids.output()
                .lines()
                .map(Long::valueOf)
                .flatMap(id -> ProcessHandle.of(id).stream())
                .forEach(ProcessHandle::destroyForcibly);
        Command.tryRun(Map.of(), List.of("ip", "netns", "del", namespace));
    }
}
