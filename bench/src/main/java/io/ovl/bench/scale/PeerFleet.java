package io.ovl.bench.scale;

import io.ovl.crypto.aead.AeadProviders;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.message.MessageType;
import io.ovl.dataplane.io.SecureRandomSource;

import org.agrona.concurrent.UnsafeBuffer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Many peers in one process, each with key, address and socket of its own, that connect to a daemon and stay: a
 * keepalive every 25 s, an answer after 10 s to what came, a handshake every 120 s.
 *
 * <p>Commands come line by line on standard input, and each is answered by a line of JSON:
 *
 * <ul>
 *   <li>{@code connect}: all have a session;
 *   <li>{@code handshakes SECONDS}: as many as the daemon takes, over all peers in turn;
 *   <li>{@code macs COUNT RATE}: each peer sends a frame from each of so many addresses in its segment, so many frames
 *       per second in all.
 * </ul>
 *
 * <p>Thread: the main thread; another one reads the commands.
 */
final class PeerFleet {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long KEEPALIVE_NS = 25 * SECOND_NS;
    private static final long ANSWER_NS = 10 * SECOND_NS;
    private static final long REKEY_NS = 120 * SECOND_NS;
    private static final long RETRY_NS = SECOND_NS;
    private static final long CHORES_NS = SECOND_NS / 10;
    private static final long CONNECT_TIMEOUT_NS = 30 * SECOND_NS;

    /** A daemon takes no second initiation of a peer within 20 ms. */
    private static final long LEAST_INTERVAL_NS = SECOND_NS / 40;

    /** Enough to keep the daemon's conductor at work; less than what it takes for a flood. */
    private static final int MAX_INITIATING = 64;

    private static final int VXLAN_LENGTH = 8;
    private static final int FRAME_LENGTH = 60;
    private static final short TEST_ETHER_TYPE = (short) 0x88b5;

    private final FleetPeer.Workbench bench;
    private final List<FleetPeer> peers = new ArrayList<>();
    private final Selector selector = Selector.open();
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private long nextChoresNs;
    private int initiating;
    private long completed;

    private PeerFleet(FleetPeer.Workbench bench) throws IOException {
        this.bench = bench;
    }

    /**
     * Arguments: the hub's address, the number of the first peer, how many, the prefix of their addresses (two octets:
     * {@code 198.18}).
     */
    public static void main(String[] arguments) throws IOException {
        InetAddress hub = InetAddress.getByName(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        try (NoisePrivateKey hubKey = ScaleKeys.privateKey(ScaleKeys.HUB)) {
            PeerFleet fleet =
                    new PeerFleet(
                            new FleetPeer.Workbench(
                                    AeadProviders.select(null).newAead(),
                                    new SecureRandomSource(),
                                    hubKey.publicKey()));
            for (int number = first; number < first + count; number++) {
                fleet.add(number, hub, arguments[3]);
            }
            fleet.readCommands();
            fleet.run();
        }
    }

    private void add(int number, InetAddress hub, String prefix) throws IOException {
        String own = prefix + '.' + (number >> 8) + '.' + (number & 0xff);
        FleetPeer peer =
                new FleetPeer(
                        number,
                        bench,
                        new InetSocketAddress(own, ScaleConfig.HUB_PORT),
                        new InetSocketAddress(hub, ScaleConfig.HUB_PORT));
        peer.channel().register(selector, SelectionKey.OP_READ, peer);
        peers.add(peer);
    }

    private void readCommands() {
        Thread reader =
                new Thread(
                        () -> {
                            try (BufferedReader lines =
                                    new BufferedReader(
                                            new InputStreamReader(
                                                    System.in, StandardCharsets.US_ASCII))) {
                                lines.lines().forEach(this::command);
                            } catch (IOException e) {
                                // The end, as any other.
                            }
                            command("quit");
                        },
                        "commands");
        reader.setDaemon(true);
        reader.start();
    }

    private void command(String line) {
        commands.add(line);
        selector.wakeup();
    }

    private void run() throws IOException {
        System.out.println("{\"peers\": " + peers.size() + "}");
        while (true) {
            String line = commands.poll();
            if (line == null) {
                work(CHORES_NS);
                continue;
            }
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                case "connect" -> connect();
                case "handshakes" -> handshakes(Integer.parseInt(words[1]) * SECOND_NS);
                case "macs" -> macs(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "quit" -> {
                    return;
                }
                default -> throw new IllegalArgumentException("no command: " + line);
            }
        }
    }

    /** Waits, receives what has come and does what is due. */
    private void work(long maxWaitNs) throws IOException {
        if (maxWaitNs >= SECOND_NS / 1000) {
            selector.select(maxWaitNs / (SECOND_NS / 1000));
        } else {
            selector.selectNow();
        }
        long nowNs = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            FleetPeer peer = (FleetPeer) key.attachment();
            boolean wasInitiating = peer.isInitiating();
            int type;
            while ((type = peer.receive(nowNs)) >= 0) {
                if (type == MessageType.RESPONSE || type == MessageType.INITIATION) {
                    completed += type == MessageType.RESPONSE ? 1 : 0;
                    peer.nextHandshakeNs = nowNs + REKEY_NS;
                }
            }
            initiating -= wasInitiating && !peer.isInitiating() ? 1 : 0;
        }
        selector.selectedKeys().clear();
        if (nowNs - nextChoresNs >= 0) {
            nextChoresNs = nowNs + CHORES_NS;
            for (FleetPeer peer : peers) {
                chores(peer, nowNs);
            }
        }
    }

    private void chores(FleetPeer peer, long nowNs) throws IOException {
        long silenceNs = nowNs - peer.sentNs;
        if (peer.isInitiating()) {
            if (nowNs - peer.initiatedNs >= RETRY_NS) {
                peer.initiate(nowNs);
            }
        } else if (peer.hasSession()) {
            if (nowNs - peer.nextHandshakeNs >= 0) {
                initiate(peer, nowNs);
            } else if (silenceNs >= KEEPALIVE_NS || peer.owesAnswer() && silenceNs >= ANSWER_NS) {
                peer.keepalive(nowNs);
            }
        }
    }

    private void initiate(FleetPeer peer, long nowNs) throws IOException {
        peer.initiate(nowNs);
        initiating++;
    }

    private void connect() throws IOException {
        long startNs = System.nanoTime();
        int next = 0;
        while (next < peers.size() || initiating > 0) {
            long nowNs = System.nanoTime();
            if (nowNs - startNs > CONNECT_TIMEOUT_NS) {
                break;
            }
            while (next < peers.size() && initiating < MAX_INITIATING) {
                initiate(peers.get(next++), nowNs);
            }
            work(SECOND_NS / 1000);
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        spread();
        long connected = peers.stream().filter(FleetPeer::hasSession).count();
        System.out.printf("{\"connected\": %d, \"seconds\": %.3f}%n", connected, seconds);
    }

    /** From now on they do what they do at different times, as peers do that have come one by one. */
    private void spread() {
        long nowNs = System.nanoTime();
        for (int i = 0; i < peers.size(); i++) {
            peers.get(i).nextHandshakeNs = nowNs + REKEY_NS * (i + 1) / peers.size();
            peers.get(i).sentNs = nowNs - KEEPALIVE_NS * i / peers.size();
        }
    }

    private void handshakes(long durationNs) throws IOException {
        long startNs = System.nanoTime();
        long before = completed;
        int next = 0;
        long nowNs = startNs;
        while (nowNs - startNs < durationNs) {
            for (int i = 0; i < peers.size() && initiating < MAX_INITIATING; i++) {
                next = next + 1 < peers.size() ? next + 1 : 0;
                FleetPeer peer = peers.get(next);
                if (!peer.isInitiating() && nowNs - peer.initiatedNs >= LEAST_INTERVAL_NS) {
                    initiate(peer, nowNs);
                }
            }
            work(SECOND_NS / 1000);
            nowNs = System.nanoTime();
        }
        double seconds = (nowNs - startNs) / 1e9;
        long count = completed - before;
        spread();
        System.out.printf(
                "{\"handshakes\": %d, \"seconds\": %.3f, \"per_second\": %.0f}%n",
                count, seconds, count / seconds);
    }

    private void macs(int count, int perSecond) throws IOException {
        long startNs = System.nanoTime();
        long sent = 0;
        for (int mac = 0; mac < count; mac++) {
            for (FleetPeer peer : peers) {
                while ((System.nanoTime() - startNs) * perSecond / SECOND_NS < sent) {
                    work(0);
                }
                putFrame(peer, mac);
                sent += peer.sendData(VXLAN_LENGTH + FRAME_LENGTH, System.nanoTime()) ? 1 : 0;
            }
        }
        System.out.printf(
                "{\"frames\": %d, \"seconds\": %.3f}%n", sent, (System.nanoTime() - startNs) / 1e9);
    }

    /** To an address that nobody has. */
    private void putFrame(FleetPeer peer, int mac) {
        UnsafeBuffer plain = bench.plain;
        plain.setMemory(0, VXLAN_LENGTH + FRAME_LENGTH + Long.BYTES, (byte) 0);
        plain.putInt(0, 0x0800_0000, ByteOrder.BIG_ENDIAN);
        plain.putInt(4, ScaleConfig.vni(peer.number) << 8, ByteOrder.BIG_ENDIAN);
        int frame = VXLAN_LENGTH;
        plain.putInt(frame, 0x02ff_ffff, ByteOrder.BIG_ENDIAN);
        plain.putShort(frame + 4, (short) 0xffff, ByteOrder.BIG_ENDIAN);
        plain.putShort(frame + 6, (short) 0x0200, ByteOrder.BIG_ENDIAN);
        plain.putInt(frame + 8, peer.number << 12 | mac, ByteOrder.BIG_ENDIAN);
        plain.putShort(frame + 12, TEST_ETHER_TYPE, ByteOrder.BIG_ENDIAN);
    }
}
