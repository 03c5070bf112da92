package io.ovl.dataplane.daemon;

import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.dataplane.control.SdNotify;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.DeviceStandIn;
import io.ovl.dataplane.io.LinuxTunTap;
import io.ovl.dataplane.io.SecureRandomSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two daemons in one process that do once what daemons do, so that the JVM can write down which classes that takes
 * (JEP 514): the cache from which {@code ovld} starts.
 *
 * <p>Needs no privileges and makes no interface: sockets stand in for the devices, and the underlay is the loopback
 * address. Goes on, like a daemon, until its socket {@code DIRECTORY/a.sock} is deleted; meanwhile {@code ovlctl} can
 * rehearse with it.
 *
 * <p>Thread: the main thread. Errors: an exception ends it; what was loaded until then is in the cache all the same.
 */
final class Rehearsal {
    private static final long TRAFFIC_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final int MTU = 1420;

    private final DaemonLog log = new DaemonLog(DaemonLog.Level.SILENT, System.err);
    private final Path directory;

    private Rehearsal(Path directory) {
        this.directory = directory;
    }

    /** Takes one argument, a directory to work in. */
    public static void main(String[] arguments)
            throws DeviceException,
                    DaemonException,
                    OvldOptions.UsageException,
                    IOException,
                    InterruptedException {
        Ovld.main(new String[] {"--version"});
        new Rehearsal(Path.of(arguments[0])).run(SdNotify.of(Map.of(), 0));
        System.exit(0);
    }

    private void run(SdNotify notify)
            throws DeviceException,
                    DaemonException,
                    OvldOptions.UsageException,
                    IOException,
                    InterruptedException {
        StopSignal stop = new StopSignal();
        try (DeviceStandIn linkA = DeviceStandIn.open("a", MTU);
                DeviceStandIn linkB = DeviceStandIn.open("b", MTU);
                OverlayDaemon _ = start("a", linkA, notify, stop);
                OverlayDaemon _ = start("b", linkB, notify, stop)) {
            probeDevice();
            introduce();
            WarmUpTraffic traffic =
                    new WarmUpTraffic(linkA, linkB, false, () -> LockSupport.parkNanos(POLL_NS));
            long endNs = System.nanoTime() + TRAFFIC_NS;
            while (System.nanoTime() - endNs < 0) {
                // What is lost before their handshake is lost.
                traffic.exchange();
            }
            // Nobody reloads: it has no file.
            stop.serve(Optional::empty);
        }
    }

    private OverlayDaemon start(String name, DeviceStandIn link, SdNotify notify, StopSignal stop)
            throws DeviceException,
                    DaemonException,
                    OvldOptions.UsageException,
                    IOException,
                    InterruptedException {
        DaemonEdges edges =
                new DaemonEdges((_, _) -> link.device(), directory, directory.resolve("run"));
        OvldOptions options = OvldOptions.parse(name);
        return OverlayDaemon.start(edges, options, log, notify, stop);
    }

    /** Loads what opening a real device takes, and fails to open one: no interface has such a name. */
    private static void probeDevice() {
        try {
            LinuxTunTap.open(".", false, 1).close();
        } catch (DeviceException e) {
            // As it should be.
        }
    }

    /** Gives both a key, and each the other as its peer. */
    private void introduce() throws IOException {
        SecureRandomSource random = new SecureRandomSource();
        try (NoisePrivateKey keyA = NoisePrivateKey.generate(random);
                NoisePrivateKey keyB = NoisePrivateKey.generate(random)) {
            set("a", "private_key=" + hex(keyA) + "\n" + peer(keyB, portOf("b"), "10.0.0.2"));
            set("b", "private_key=" + hex(keyB) + "\n" + peer(keyA, portOf("a"), "10.0.0.1"));
        }
    }

    private static String peer(NoisePrivateKey key, String port, String address) {
        return "public_key="
                + HexFormat.of().formatHex(key.publicKey().bytes())
                + "\nendpoint=127.0.0.1:"
                + port
                + "\nallowed_ip="
                + address
                + "/32\n";
    }

    private static String hex(NoisePrivateKey key) {
        byte[] bytes = new byte[NoisePrivateKey.LENGTH];
        key.copyTo(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    private String portOf(String name) throws IOException {
        return call(name, "get=1\n\n")
                .lines()
                .filter(line -> line.startsWith("listen_port="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow(() -> new IOException(name + " listens on no port"));
    }

    private void set(String name, String lines) throws IOException {
        String reply = call(name, "set=1\n" + lines + "\n");
        if (!reply.contains("errno=0")) {
            throw new IOException(name + ": " + reply);
        }
    }

    private String call(String name, String request) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(directory.resolve(name + ".sock")));
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(1 << 12);
            while (client.read(reply) > 0) {
                String text =
                        new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
                if (text.endsWith("\n\n")) {
                    return text;
                }
            }
            throw new IOException(name + " hung up");
        }
    }
}
