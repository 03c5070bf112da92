package io.ovl.dataplane.ip;

import io.ovl.dataplane.buffer.GatherList;
import io.ovl.dataplane.io.DeviceException;
import io.ovl.dataplane.io.LinuxTunTap;
import io.ovl.dataplane.io.TunTapQueue;

import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two devices joined by segmenting everything that one reads and coalescing it into the other.
 *
 * <pre>
 *  left                      middle (forwards)                    right
 *   device 10.91.1.1 ======== device 10.91.1.2
 *           segment, coalesce  veth 10.91.2.1 ----- no offloads --- veth 10.91.2.2
 * </pre>
 *
 * <p>Thread: one pump thread of its own owns the queues. Ownership: removes namespaces and files when closed.
 */
final class KernelOffloadLab implements AutoCloseable {
    private static final int SLOT_LENGTH = 2048;
    private static final int BATCH_LENGTH = 512 * SLOT_LENGTH;
    private static final int READ_LENGTH = 70_000;
    private static final int LIMIT_SECONDS = 60;

    private final String prefix = "ovlip" + ProcessHandle.current().pid();
    private final String left = prefix + "l";
    private final String middle = prefix + "m";
    private final String right = prefix + "r";
    private final Path folder = Files.createTempDirectory("ovl-ip-");
    private final Path input = folder.resolve("input");
    private final Path output = folder.resolve("output");
    private final int linkLength;
    private final boolean coalesces;
    private final Thread pump = new Thread(this::pump, "pump");
    private final List<LinuxTunTap> devices = new ArrayList<>();
    private volatile boolean isClosed;
    private volatile int longestRead;
    private volatile int mostJoined;

    KernelOffloadLab(boolean isTap, boolean coalesces) throws IOException, DeviceException {
        // A test run that is stopped leaves nothing behind either.
        Runtime.getRuntime().addShutdownHook(new Thread(this::removeNamespaces));
        linkLength = isTap ? 14 : 0;
        this.coalesces = coalesces;
        try {
            setUp(isTap);
        } catch (IOException | DeviceException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void setUp(boolean isTap) throws IOException, DeviceException {
        for (String namespace : List.of(left, middle, right)) {
            run("ip netns add " + namespace);
            run(in(namespace) + "ip link set lo up");
            run(in(namespace) + "sysctl -qw net.ipv6.conf.all.accept_dad=0");
            run(in(namespace) + "sysctl -qw net.ipv6.conf.default.accept_dad=0");
        }
        attach(left, isTap, "10.91.1.1/24", "fd91:1::1/64");
        attach(middle, isTap, "10.91.1.2/24", "fd91:1::2/64");
        run("ip link add wire netns " + middle + " type veth peer name wire netns " + right);
        address(middle, "wire", "10.91.2.1/24", "fd91:2::1/64");
        address(right, "wire", "10.91.2.2/24", "fd91:2::2/64");
        run(in(middle) + "ethtool -K wire tx off gso off tso off tx-udp-segmentation off");
        run(in(middle) + "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        run(in(left) + "ip route add 10.91.2.0/24 via 10.91.1.2");
        run(in(left) + "ip route add fd91:2::/64 via fd91:1::2");
        run(in(right) + "ip route add 10.91.1.0/24 via 10.91.2.1");
        run(in(right) + "ip route add fd91:1::/64 via fd91:2::1");
        pump.start();
    }

    private void attach(String namespace, boolean isTap, String ipv4, String ipv6)
            throws IOException, DeviceException {
        String name = "oip" + ProcessHandle.current().pid() % 100_000 + "n" + devices.size();
        devices.add(LinuxTunTap.open(name, isTap, 1));
        run("ip link set " + name + " netns " + namespace);
        address(namespace, name, ipv4, ipv6);
    }

    private static void address(String namespace, String name, String ipv4, String ipv6)
            throws IOException {
        run(in(namespace) + "ip address add " + ipv4 + " dev " + name);
        run(in(namespace) + "ip address add " + ipv6 + " dev " + name + " nodad");
        run(in(namespace) + "ip link set " + name + " up");
    }

    private void pump() {
        Side toMiddle = new Side(devices.get(0).queue(0), devices.get(1).queue(0));
        Side toLeft = new Side(devices.get(1).queue(0), devices.get(0).queue(0));
        while (!isClosed) {
            boolean isBusy = toMiddle.carry();
            isBusy |= toLeft.carry();
            if (!isBusy) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    /** One direction. */
    private final class Side {
        private final UnsafeBuffer read = new UnsafeBuffer(ByteBuffer.allocateDirect(READ_LENGTH));
        private final UnsafeBuffer batch =
                new UnsafeBuffer(ByteBuffer.allocateDirect(BATCH_LENGTH));
        private final Segmenter segmenter = new Segmenter();
        private final Coalescer coalescer = new Coalescer(this::write, coalesces, coalesces);
        private final TunTapQueue from;
        private final TunTapQueue to;

        Side(TunTapQueue from, TunTapQueue to) {
            this.from = from;
            this.to = to;
        }

        boolean carry() {
            int length = from.read(read, 0, READ_LENGTH);
            if (length <= VirtioNetHeader.LENGTH) {
                return false;
            }
            longestRead = Math.max(longestRead, length);
            int frameLength = length - VirtioNetHeader.LENGTH;
            int count = segmenter.begin(read, 0, frameLength, linkLength);
            for (int i = 0; i < count; i++) {
                segmenter.next();
                // Stands for the wire: sealed here, opened there.
                int offset = i * SLOT_LENGTH;
                batch.putBytes(offset, read, segmenter.offset(), segmenter.length());
                coalescer.add(batch, offset, segmenter.length(), linkLength);
            }
            coalescer.flush();
            return true;
        }

        private void write(GatherList frame, int packetCount) {
            mostJoined = Math.max(mostJoined, packetCount);
            int written = to.write(frame);
            if (written < 0 && !isClosed) {
                throw new IllegalStateException("write of " + frame.totalLength() + ": " + written);
            }
        }
    }

    /** Bytes of the longest frame read. */
    int longestRead() {
        return longestRead;
    }

    /** Packets in the largest super-packet written. */
    int mostJoined() {
        return mostJoined;
    }

    /** Writes random bytes to be sent; returns their digest. */
    String makeFile(int length) throws IOException {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        Files.write(input, bytes);
        return digest(input);
    }

    /** Sends the file from the left to the right host or back; returns the digest of what arrived. */
    String sendTcp(boolean isToRight, String rightAddress) throws IOException {
        String listenerNamespace = isToRight ? right : left;
        String senderNamespace = isToRight ? left : right;
        boolean isIpv6 = rightAddress.indexOf(':') >= 0;
        String listenerAddress = isToRight ? rightAddress : isIpv6 ? "fd91:1::1" : "10.91.1.1";
        String family = isIpv6 ? "TCP6" : "TCP4";
        String host = isIpv6 ? "[" + listenerAddress + "]" : listenerAddress;
        Files.deleteIfExists(output);
        Process listener =
                start(
                        in(listenerNamespace)
                                + "socat -u "
                                + family
                                + "-LISTEN:9191,reuseaddr CREATE:"
                                + output);
        run(
                in(senderNamespace)
                        + "socat -u FILE:"
                        + input
                        + " "
                        + family
                        + ":"
                        + host
                        + ":9191,retry=300,interval=0.1");
        await(listener);
        return digest(output);
    }

    /** Sends the file to the right host in one call as datagrams of this length; returns the digest of what arrived. */
    String sendUdpSegments(String rightAddress, int segmentLength) throws IOException {
        boolean isIpv6 = rightAddress.indexOf(':') >= 0;
        String family = isIpv6 ? "UDP6" : "UDP4";
        String host = isIpv6 ? "[" + rightAddress + "]" : rightAddress;
        long length = Files.size(input);
        // A neighbour that is not known yet holds back only a few datagrams.
        run(in(left) + "ping -n -c 1 -W 20 " + rightAddress);
        Process listener =
                start(
                        in(right)
                                + "socat -u "
                                + family
                                + "-RECV:9191,rcvbuf=4000000 CREATE:"
                                + output);
        awaitUdpListener();
        run(
                in(left)
                        + "socat -u -b 65000 FILE:"
                        + input
                        + " "
                        + family
                        + "-SENDTO:"
                        + host
                        + ":9191,setsockopt-int=17:103:"
                        + segmentLength);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (sizeOfOutput() < length && System.nanoTime() < deadline) {
            pause();
        }
        listener.destroy();
        await(listener);
        return digest(output);
    }

    /** It is made a moment after its writer listens. */
    private long sizeOfOutput() throws IOException {
        return Files.exists(output) ? Files.size(output) : 0;
    }

    private void awaitUdpListener() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!run(in(right) + "ss -ulnH sport = :9191").contains("9191")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("nothing listens");
            }
            pause();
        }
    }

    /** What the receivers' kernel counted as packets with a bad checksum. */
    long checksumErrors() throws IOException {
        long errors = 0;
        for (String namespace : List.of(left, middle, right)) {
            String counters =
                    run(
                            in(namespace)
                                    + "nstat -asz TcpInCsumErrors UdpInCsumErrors"
                                    + " Udp6InCsumErrors");
            errors +=
                    counters.lines()
                            .filter(line -> line.contains("InCsumErrors"))
                            .mapToLong(line -> Long.parseLong(line.split(" +", -1)[1]))
                            .sum();
        }
        return errors;
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        while (pump.isAlive()) {
            pause();
        }
        devices.forEach(LinuxTunTap::close);
        removeNamespaces();
        Files.deleteIfExists(input);
        Files.deleteIfExists(output);
        Files.delete(folder);
    }

    private void removeNamespaces() {
        for (String namespace : List.of(left, middle, right)) {
            if (Files.exists(Path.of("/run/netns", namespace))) {
                try {
                    run("ip netns del " + namespace);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Every program that may wait for a peer ends by itself. */
    private static String in(String namespace) {
        return "timeout " + LIMIT_SECONDS + " ip netns exec " + namespace + " ";
    }

    private static Process start(String command) throws IOException {
        return new ProcessBuilder(command.split(" ", -1)).redirectErrorStream(true).start();
    }

    private static String run(String command) throws IOException {
        Process process = start(command);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        await(process);
        if (process.exitValue() != 0) {
            throw new IOException(command + ": " + text);
        }
        return text;
    }

    private static void await(Process process) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("did not end: " + process);
            }
            pause();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }

    private static String digest(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 8)) + " of " + Files.size(file);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
