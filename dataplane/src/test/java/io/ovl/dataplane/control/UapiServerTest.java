package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerState;
import io.ovl.crypto.key.NoisePublicKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@Timeout(60)
class UapiServerTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PRIVATE_KEY = "e8".repeat(31) + "68";
    private static final String PEER = "0a".repeat(32);

    @TempDir Path directory;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final UapiMemoryDevice device = new UapiMemoryDevice();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private Path path = Path.of("");
    private UapiServer server = server(LONG);

    private UapiServer server(Duration timeout) {
        return new UapiServer(loop, new UnixSocketFile(path), device, refusals::add, timeout);
    }

    @BeforeEach
    void start() throws Exception {
        path = directory.resolve("run").resolve("ovl0.sock");
        restart(LONG);
    }

    private void restart(Duration timeout) throws Exception {
        server.close().sync();
        server = server(timeout);
        server.start().sync();
    }

    @AfterEach
    void stop() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        assertThat(path).doesNotExist();
    }

    /** A client that blocks. */
    private final class Client implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));

        Client() throws IOException {}

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.US_ASCII));
        }

        void send(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        /** Reads up to the end of a reply, or of the connection. */
        String receive() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            byte[] tail = new byte[2];
            while (!Arrays.equals(tail, new byte[] {'\n', '\n'}) && channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                int length = buffer.position();
                tail = Arrays.copyOfRange(buffer.array(), Math.max(0, length - 2), length);
                buffer.clear();
            }
            return all.toString(StandardCharsets.US_ASCII);
        }

        String call(String request) throws IOException {
            send(request);
            return receive();
        }

        boolean isHungUp() {
            try {
                return channel.read(ByteBuffer.allocate(1)) < 0;
            } catch (IOException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private String get() throws IOException {
        try (Client client = new Client()) {
            return client.call("get=1\n\n");
        }
    }

    @Test
    void shouldServeManyRequestsOnOneConnection() throws IOException {
        try (Client client = new Client()) {
            assertThat(client.call("get=1\n\n")).isEqualTo("errno=0\n\n");
            assertThat(client.call("set=1\nprivate_key=" + PRIVATE_KEY + "\nlisten_port=5\n\n"))
                    .isEqualTo("errno=0\n\n");
            assertThat(client.call("set=1\n\n")).isEqualTo("errno=0\n\n");
            assertThat(client.call("get=1\n\n"))
                    .isEqualTo("private_key=" + PRIVATE_KEY + "\nlisten_port=5\nerrno=0\n\n");
        }
    }

    @Test
    void shouldReadARequestThatComesByteByByte() throws IOException {
        try (Client client = new Client()) {
            for (char c : "set=1\nfwmark=9\n\n".toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.receive()).isEqualTo("errno=0\n\n");
        }
        assertThat(get()).isEqualTo("fwmark=9\nerrno=0\n\n");
    }

    @Test
    void shouldAnswerRequestsThatComeTogetherInTheirOrder() throws IOException {
        try (Client client = new Client()) {
            client.send("set=1\nfwmark=1\n\nget=1\n\nset=1\nfwmark=x\n\nget=1\n\n");
            client.channel.shutdownOutput();
            StringBuilder all = new StringBuilder();
            for (String reply = client.receive(); !reply.isEmpty(); reply = client.receive()) {
                all.append(reply);
            }
            assertThat(all)
                    .hasToString(
                            "errno=0\n\nfwmark=1\nerrno=0\n\nerrno=-22\n\nfwmark=1\nerrno=0\n\n");
        }
    }

    @Test
    void shouldSayWhyItRefuses() throws IOException {
        try (Client client = new Client()) {
            assertThat(client.call("set=1\nlisten_port=70000\n\n")).isEqualTo("errno=-22\n\n");
            assertThat(client.call("set=1\nrubbish\n\n")).isEqualTo("errno=-71\n\n");
            assertThat(client.call("set=1\nlisten_port=7\n\n")).isEqualTo("errno=-98\n\n");
            assertThat(client.call("get=1\nx\n\n")).isEqualTo("errno=22\n\n");
            assertThat(client.call("get=1\n\n")).isEqualTo("errno=0\n\n");
        }
        assertThat(refusals)
                .containsExactly(
                        "line 2: listen_port: expected a number from 0 to 65535",
                        "line 2: expected key=value",
                        "port 7 is in use");
    }

    @Test
    void shouldHangUpOnAnythingElse() throws IOException {
        for (String text :
                List.of("\n", "get=2\n\n", "GET / HTTP/1.1\r\n", "set = 1\n", "x", "\0")) {
            try (Client client = new Client()) {
                client.send(text);
                assertThat(client.isHungUp()).describedAs(text).isTrue();
            }
        }
    }

    @Test
    void shouldApplyNothingOfThousandBadSets() throws IOException {
        Random random = new Random(42);
        try (Client client = new Client()) {
            client.call(
                    "set=1\nprivate_key=%s\nlisten_port=5\npublic_key=%s\nallowed_ip=10.0.0.0/8\n\n"
                            .formatted(PRIVATE_KEY, PEER));
            String before = client.call("get=1\n\n");
            int applied = device.applied;
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.call(badSet(random))).matches("errno=-(22|71|98)\n\n");
                assertThat(client.call("get=1\n\n")).isEqualTo(before);
            }
            assertThat(device.applied).isEqualTo(applied);
        }
        assertThat(refusals).hasSize(1_000);
        assertThat(String.join("", refusals)).doesNotContain("e8e8", "abcdef");
    }

    /** Some good lines, then a bad one, then perhaps more good ones. */
    private static String badSet(Random random) {
        List<String> good =
                List.of(
                        "update_only=true",
                        "replace_allowed_ips=true",
                        "allowed_ip=10.0.0.0/8",
                        "allowed_ip=-::/0",
                        "endpoint=192.0.2.1:5",
                        "preshared_key=" + "e8".repeat(32),
                        "persistent_keepalive_interval=25",
                        "protocol_version=1",
                        "public_key=" + "0b".repeat(32));
        List<String> bad =
                List.of(
                        "allowed_ip=10.0.0.0/33",
                        "endpoint=host:5",
                        "preshared_key=" + "abcdef".repeat(11),
                        "listen_port=1",
                        "rubbish",
                        "public_key=" + "abcdef".repeat(10),
                        "protocol_version=2",
                        "remove=maybe",
                        "=",
                        "persistent_keepalive_interval=65536");
        StringBuilder text = new StringBuilder("set=1\nreplace_peers=true\n");
        if (random.nextInt(5) == 0) {
            return text.append("listen_port=7\npublic_key=")
                    .append(PEER)
                    .append("\nremove=true\n\n")
                    .toString();
        }
        text.append("listen_port=9\npublic_key=").append(PEER).append('\n');
        int count = random.nextInt(6);
        int badAt = random.nextInt(count + 1);
        for (int i = 0; i <= count; i++) {
            List<String> lines = i == badAt ? bad : good;
            text.append(lines.get(random.nextInt(lines.size()))).append('\n');
        }
        return text.append('\n').toString();
    }

    @Test
    void shouldGetBackWhatItSet() throws IOException {
        String body =
                """
                private_key=%s
                listen_port=51820
                fwmark=51820
                public_key=%s
                preshared_key=%s
                protocol_version=1
                endpoint=[2001:db8::1]:51820
                last_handshake_time_sec=0
                last_handshake_time_nsec=0
                tx_bytes=0
                rx_bytes=0
                persistent_keepalive_interval=25
                allowed_ip=192.168.4.0/24
                allowed_ip=10.0.0.0/8
                """
                        .formatted(PRIVATE_KEY, PEER, "ab".repeat(32));
        String set = body.replaceAll("(?m)^(last|tx|rx).*\n", "");
        try (Client client = new Client()) {
            assertThat(client.call("set=1\n" + set + "\n")).isEqualTo("errno=0\n\n");
            assertThat(client.call("get=1\n\n")).isEqualTo(body + "errno=0\n\n");
        }
    }

    private void givePeerWithAllowedIps(int count) throws Exception {
        NoisePublicKey key = Objects.requireNonNull(NoisePublicKey.parse(PEER));
        PeerState peer = new PeerState(key, null, null, null, null, null, 0, 0, 0, List.of());
        loop.submit(
                        () -> {
                            device.peers.put(key, peer);
                            for (int i = 0; i < count; i++) {
                                long high = 0x2a01_0000_0000_0000L + ((long) i << 8);
                                device.prefixes.put(
                                        new IpPrefix(new IpAddress(true, high, 0), 56), key);
                            }
                        })
                .sync();
    }

    @Test
    void shouldStream130ThousandAllowedIpsToManyClientsAtOnce() throws Exception {
        givePeerWithAllowedIps(130_560);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Client client = new Client();
            client.send("get=1\n\n");
            clients.add(client);
        }
        for (Client client : clients) {
            String reply = client.receive();
            assertThat(reply.lines().filter(line -> line.startsWith("allowed_ip=")).count())
                    .isEqualTo(130_560);
            assertThat(reply).endsWith("\nerrno=0\n\n");
            client.close();
        }
    }

    @Test
    void shouldTake130ThousandAllowedIpsInOneSet() throws IOException {
        StringBuilder set =
                new StringBuilder("set=1\npublic_key=" + PEER + "\nreplace_allowed_ips=true\n");
        for (int i = 0; i < 65_280; i++) {
            set.append(
                    "allowed_ip=%d.%d.0.0/32\nallowed_ip=%x:%x::/128\n"
                            .formatted(1 + i / 256, i % 256, 1 + i / 256, i % 256));
        }
        try (Client client = new Client()) {
            assertThat(client.call(set.append('\n').toString())).isEqualTo("errno=0\n\n");
            assertThat(
                            client.call("get=1\n\n")
                                    .lines()
                                    .filter(line -> line.startsWith("allowed_ip="))
                                    .count())
                    .isEqualTo(130_560);
        }
    }

    @Test
    void shouldRefuseARequestThatDoesNotEnd() throws IOException {
        byte[] line = "set=1\n".getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[1 << 16];
        Arrays.fill(block, (byte) 'x');
        try (Client client = new Client()) {
            client.send(line);
            boolean isHungUp = false;
            for (int i = 0; i < 1024 && !isHungUp; i++) {
                try {
                    client.send(block);
                } catch (IOException e) {
                    isHungUp = true;
                }
            }
            assertThat(isHungUp).isTrue();
        }
        assertThat(refusals).containsExactly("the request is too long");
        assertThat(get()).isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldLimitWhatAllClientsTogetherHaveUnderWay() throws IOException {
        byte[] most = new byte[7 << 20];
        Arrays.fill(most, (byte) 'x');
        List<Client> clients = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 4; i++) {
            Client client = new Client();
            clients.add(client);
            client.send("set=1\n");
            try {
                client.send(most);
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(2);
        for (Client client : clients) {
            client.close();
        }
        assertThat(get()).isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldRefuseTheSeventeenthClientUntilOneLeaves() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Client client = new Client();
            clients.add(client);
            assertThat(client.call("get=1\n\n")).isEqualTo("errno=0\n\n");
        }
        try (Client client = new Client()) {
            assertThat(client.isHungUp()).isTrue();
        }
        assertThat(clients.getFirst().call("get=1\n\n")).isEqualTo("errno=0\n\n");
        for (Client client : clients) {
            client.close();
        }
        String reply = "";
        for (int i = 0; i < 100 && reply.isEmpty(); i++) {
            try (Client client = new Client()) {
                reply = client.call("get=1\n\n");
            } catch (IOException e) {
                reply = "";
            }
        }
        assertThat(reply).isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldHangUpOnASilentClient() throws Exception {
        restart(SHORT);
        try (Client client = new Client()) {
            assertThat(client.isHungUp()).isTrue();
        }
        try (Client client = new Client()) {
            assertThat(client.call("get=1\n\n")).isEqualTo("errno=0\n\n");
            assertThat(client.isHungUp()).isTrue();
        }
    }

    @Test
    void shouldHangUpOnAClientThatSendsBitByBit() throws Exception {
        restart(SHORT);
        try (Client client = new Client()) {
            client.send("set=1\nfwmark=");
            boolean isHungUp = false;
            // Each byte comes well within the limit; all of them do not.
            for (int i = 0; i < 2_000 && !isHungUp; i++) {
                try {
                    client.send("1");
                    TimeUnit.MILLISECONDS.sleep(10);
                } catch (IOException e) {
                    isHungUp = true;
                }
            }
            assertThat(isHungUp).isTrue();
        }
        assertThat(get()).isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldHangUpOnAClientThatDoesNotRead() throws Exception {
        givePeerWithAllowedIps(130_560);
        restart(SHORT);
        try (Client slow = new Client();
                Client other = new Client()) {
            slow.send("get=1\n\n");
            assertThat(other.call("get=1\n\n")).endsWith("errno=0\n\n");
            assertThat(other.isHungUp()).isTrue();
            // The other was hung up on after the slow one: its time began later.
            assertThat(slow.receive()).isNotEmpty().doesNotContain("errno");
        }
    }

    @Test
    void shouldMakeASocketThatOnlyItsOwnerMayUse() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(path.resolveSibling(""))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void shouldLeaveTheSocketToTheServerThatHasIt() throws Exception {
        UapiServer second = server(LONG);
        assertThatThrownBy(() -> second.start().sync())
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("a server listens on it");
        second.close().sync();
        assertThat(get()).isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldNoticeThatItsSocketFileIsGone() throws Exception {
        assertThat(server.isSocketFilePresent()).isTrue();
        Files.delete(path);
        assertThat(server.isSocketFilePresent()).isFalse();
        Files.createFile(path);
        assertThat(server.isSocketFilePresent()).isFalse();
        server.close().sync();
        assertThat(path).exists();
        Files.delete(path);
    }

    @Test
    void shouldUseThePathThatWgLooksFor() {
        assertThat(UapiServer.socketFile(new InterfaceName("ovl0")).path())
                .hasToString("/run/wireguard/ovl0.sock");
    }
}
