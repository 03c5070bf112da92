package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A WireGuard interface in a host, the daemon behind it, and the keys of both.
 *
 * <p>Units: transfer counters are bytes of UDP payload.
 */
final class Tunnel {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int USUAL_PORT = 51820;

    private final Lab lab;
    private final Host host;
    private final String name;
    private final String publicKey;
    private final List<Long> processes;

    private Tunnel(Lab lab, Host host, String name, int port, List<Long> processes) {
        this.lab = lab;
        this.host = host;
        this.name = name;
        this.processes = processes;
        Path keyFile = lab.file(Command.run("wg", "genkey") + "\n");
        publicKey = Command.run("bash", "-c", "wg pubkey <" + keyFile);
        set("private-key", keyFile.toString(), "listen-port", Integer.toString(port));
    }

    /** Starts a daemon in the host and gives its interface a new private key and the usual port. */
    static Tunnel start(Lab lab, Host host, Daemon daemon) {
        return start(lab, host, daemon, USUAL_PORT);
    }

    static Tunnel start(Lab lab, Host host, Daemon daemon, int port) {
        return start(lab, host, daemon, port, Map.of());
    }

    /** Starts the daemon under test with more than the usual in its environment. */
    static Tunnel start(Lab lab, Host host, Map<String, String> environment) {
        return start(lab, host, Daemon.UNDER_TEST, USUAL_PORT, environment);
    }

    private static Tunnel start(
            Lab lab, Host host, Daemon daemon, int port, Map<String, String> environment) {
        String name = newName();
        List<Long> before = host.processIds();
        host.run(environment, daemon.program(), name);
        List<Long> processes =
                host.processIds().stream().filter(id -> !before.contains(id)).toList();
        assertThat(processes)
                .as("what goes on in the background after '%s %s'", daemon.program(), name)
                .isNotEmpty();
        return new Tunnel(lab, host, name, port, processes);
    }

    /**
     * An interface name that no other test run on this machine uses: the sockets of all namespaces lie in one folder.
     */
    static String newName() {
        return "o"
                + Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX)
                + "n"
                + COUNT.incrementAndGet();
    }

    static Path socket(String name) {
        return Path.of("/run/wireguard", name + ".sock");
    }

    Host host() {
        return host;
    }

    String name() {
        return name;
    }

    String publicKey() {
        return publicKey;
    }

    /** Gives the interface addresses and sets it up. */
    Tunnel up(String... addresses) {
        for (String address : addresses) {
            host.ip(
                    "addr add "
                            + address
                            + " dev "
                            + name
                            + (address.contains(":") ? " nodad" : ""));
        }
        host.ip("link set " + name + " up");
        return this;
    }

    /** {@code wg set}. */
    void set(String... arguments) {
        List<String> command = new ArrayList<>(List.of("wg", "set", name));
        command.addAll(List.of(arguments));
        host.run(command.toArray(String[]::new));
    }

    /** Sends one request to the daemon as {@code wg} does, and returns its reply, which has to be short. */
    String uapi(String request) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket(name)))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            ByteBuffer reply = ByteBuffer.allocate(256);
            channel.read(reply);
            return StandardCharsets.US_ASCII.decode(reply.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void addPeer(Tunnel peer, String allowedIps) {
        set("peer", peer.publicKey, "allowed-ips", allowedIps);
    }

    void addPeer(Tunnel peer, String endpoint, String allowedIps) {
        set("peer", peer.publicKey, "endpoint", endpoint, "allowed-ips", allowedIps);
    }

    void presharedKey(Tunnel peer, String key) {
        set("peer", peer.publicKey, "preshared-key", lab.file(key + "\n").toString());
    }

    /** One field of {@code wg show}, as its tool prints it. */
    String show(String field) {
        return host.run("wg", "show", name, field);
    }

    String endpointOf(Tunnel peer) {
        return fieldsOf(peer, "endpoints").get(1);
    }

    long latestHandshakeOf(Tunnel peer) {
        return Long.parseLong(fieldsOf(peer, "latest-handshakes").get(1));
    }

    long receivedBytes(Tunnel peer) {
        return Long.parseLong(fieldsOf(peer, "transfer").get(1));
    }

    long sentBytes(Tunnel peer) {
        return Long.parseLong(fieldsOf(peer, "transfer").get(2));
    }

    boolean isRunning() {
        return host.processIds().stream().anyMatch(processes::contains);
    }

    /** Whether the daemon ends by itself in that time, its socket file gone. */
    boolean endsWithin(long limitMs) {
        return Eventually.within(limitMs, () -> !isRunning() && Files.notExists(socket(name)));
    }

    /** Sends a signal to the daemon. */
    void signal(String signal) {
        processes.forEach(id -> Command.run("kill", "-" + signal, Long.toString(id)));
    }

    private List<String> fieldsOf(Tunnel peer, String field) {
        return show(field)
                .lines()
                .map(line -> List.of(line.split("\t", -1)))
                .filter(fields -> fields.getFirst().equals(peer.publicKey))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such peer in: " + show(field)));
    }
}
