package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.ctl.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

class JsonControlServerTest {
    private static final String SECRET = Base64.getEncoder().encodeToString(FakeDevice.key(0x77));
    private static final String PEER = FakeDevice.publicKey(0x11).base64();

    @TempDir Path temporary;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final FakeDevice device = new FakeDevice();
    private final SegmentControl segments = new SegmentLab().segments;
    private Path path = Path.of("");
    private UnixSocketFile file = new UnixSocketFile(path);
    private final List<Consumer<Optional<ControlException>>> reloads = new ArrayList<>();
    private final AtomicInteger downs = new AtomicInteger();
    private JsonControlServer server =
            new JsonControlServer(
                    loop, file, device, segments, device, this::reload, downs::incrementAndGet);

    @Test
    void shouldStopTheDaemonForThoseWhoMayChangeIt() throws Exception {
        try (Client client = new Client()) {
            assertThat(client.call("down", "{\"now\":true}")).contains("error");
            assertThat(downs).hasValue(0);
            assertThat(client.call("down", "{}"))
                    .contains("\"pid\":" + ProcessHandle.current().pid());
            assertThat(downs).hasValue(1);
        }
    }

    @BeforeEach
    void start() throws Exception {
        path = temporary.resolve("ovl0.sock");
        file = new UnixSocketFile(path);
        server =
                new JsonControlServer(
                        loop, file, device, segments, device, this::reload, downs::incrementAndGet);
        server.start().sync();
    }

    private void reload(Consumer<Optional<ControlException>> done) {
        reloads.add(done);
        var _ =
                CompletableFuture.runAsync(
                        () ->
                                done.accept(
                                        device.refuses
                                                ? Optional.of(
                                                        new ControlException(
                                                                ExitCode.INVALID_CONFIG,
                                                                "reload-refused",
                                                                "x.conf:3"))
                                                : Optional.empty()));
    }

    @Test
    void shouldAnswerAReloadOnceItIsDone() throws IOException {
        try (Client client = new Client()) {
            assertThat(client.call("reload", "{}")).isEqualTo("{\"v\":1,\"id\":1,\"result\":{}}");
            device.refuses = true;
            assertThat(client.call("reload", "{}")).contains("\"exit\":6", "x.conf:3");
            assertThat(client.call("reload", "{\"x\":1}")).contains("\"exit\":2", "x");
            assertThat(client.call("version", "{}")).contains("result");
            assertThat(reloads).hasSize(2);
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldAnswerEachLineInOrderAndRepeatItsId() throws IOException {
        try (Client client = new Client()) {
            client.send("{\"v\":1,\"id\":7,\"method\":\"version\"}\n{\"v\":1,\"id\":8,");
            assertThat(client.line())
                    .isEqualTo("{\"v\":1,\"id\":7,\"result\":{\"version\":\"0.1.0\"}}");
            client.send("\"method\":\"peers.list\",\"params\":{}}\n");
            assertThat(client.line()).isEqualTo("{\"v\":1,\"id\":8,\"result\":{\"peers\":[]}}");
        }
    }

    @Test
    void shouldAddChangeAndRemoveAPeer() throws IOException {
        try (Client client = new Client()) {
            String added =
                    client.call(
                            "peers.add",
                            "{\"publicKey\":\""
                                    + PEER
                                    + "\",\"name\":\"site-b\",\"endpoint\":\"192.0.2.1:51820\","
                                    + "\"allowedIps\":[\"10.0.0.1/24\"],\"persistentKeepalive\":25,"
                                    + "\"presharedKey\":\""
                                    + SECRET
                                    + "\"}");
            assertThat(added)
                    .contains(
                            "\"name\":\"site-b\"",
                            "\"hasPresharedKey\":true",
                            "\"endpoint\":\"192.0.2.1:51820\"",
                            "\"lastHandshake\":\"2026-11-21T00:00:00Z\"",
                            "\"persistentKeepalive\":25",
                            "\"allowedIps\":[\"10.0.0.0/24\"]")
                    .doesNotContain(SECRET);

            assertThat(
                            client.call(
                                    "peers.set",
                                    "{\"peer\":\"site-b\",\"endpoint\":\"b.example.net:1\","
                                            + "\"addAllowedIps\":[\"fd00::/64\"],"
                                            + "\"removeAllowedIps\":[\"10.0.0.0/24\"]}"))
                    .contains(
                            "\"endpointHost\":\"b.example.net:1\"",
                            "\"allowedIps\":[\"fd00::/64\"]",
                            "\"hasPresharedKey\":true");
            assertThat(client.call("peers.show", "{\"peer\":\"" + PEER + "\"}"))
                    .contains("\"name\":\"site-b\"");
            assertThat(client.call("peers.del", "{\"peer\":\"site-b\"}"))
                    .contains("\"removed\":[\"" + PEER + "\"]");
            assertThat(device.peers).isEmpty();
        }
    }

    @Test
    void shouldLookAtOnePeerAloneWhenOneIsMeant() throws IOException {
        try (Client client = new Client()) {
            client.call("peers.add", "{\"publicKey\":\"" + PEER + "\",\"name\":\"a\"}");
            client.call("peers.set", "{\"peer\":\"a\",\"persistentKeepalive\":1}");
            device.waiting.put(FakeDevice.publicKey(0x11), "no answer for 12 s");
            assertThat(client.call("peers.show", "{\"peer\":\"a\"}"))
                    .contains("no answer for 12 s");
            client.call("peers.del", "{\"peer\":\"" + PEER + "\"}");
            assertThat(device.lookCount).isZero();
            client.call("peers.list", "{}");
            assertThat(device.lookCount).isPositive();
        }
    }

    @Test
    void shouldTellConflictsAndMissingPeersApart() throws IOException {
        try (Client client = new Client()) {
            String add = "{\"publicKey\":\"" + PEER + "\",\"name\":\"a\"}";
            client.call("peers.add", add);
            assertThat(client.call("peers.add", add)).contains("\"exit\":5", "\"code\":\"exists\"");
            assertThat(client.call("peers.add", add.replace("}", ",\"mayExist\":true}")))
                    .contains("\"result\"");
            assertThat(
                            client.call(
                                    "peers.add",
                                    "{\"publicKey\":\""
                                            + FakeDevice.publicKey(0x22).base64()
                                            + "\",\"name\":\"a\"}"))
                    .contains("\"exit\":5", "name-in-use");
            assertThat(client.call("peers.set", "{\"peer\":\"b\"}"))
                    .contains("\"exit\":4", "\"code\":\"no-such-peer\"");
            assertThat(client.call("peers.del", "{\"peer\":\"b\"}")).contains("\"exit\":4");
            assertThat(client.call("peers.del", "{\"peer\":\"b\",\"ifExists\":true}"))
                    .contains("\"removed\":[]");
            device.refuses = true;
            assertThat(client.call("peers.set", "{\"peer\":\"a\",\"persistentKeepalive\":1}"))
                    .contains("\"exit\":6", "the device refuses");
        }
    }

    @Test
    void shouldRefuseTheInterfacesOwnKeyAsAPeer() throws IOException {
        String own = device.ownKey().base64();
        try (Client client = new Client()) {
            assertThat(client.call("peers.add", "{\"publicKey\":\"" + own + "\"}"))
                    .contains("\"exit\":5", "own-key");
        }
    }

    @Test
    void shouldReportTheDeviceWithSecretsOnlyWhenAsked() throws IOException {
        String secret = Base64.getEncoder().encodeToString(FakeDevice.PRIVATE_KEY);
        try (Client client = new Client()) {
            assertThat(client.call("device.show", "{}"))
                    .contains("\"name\":\"ovl0\"", "\"publicKey\"")
                    .doesNotContain(secret);
            assertThat(client.call("device.show", "{\"secrets\":true}")).contains(secret);
        }
    }

    @Test
    void shouldReportStatusAndWhyAPeerWaits() throws IOException {
        try (Client client = new Client()) {
            client.call("peers.add", "{\"publicKey\":\"" + PEER + "\"}");
            device.waiting.put(FakeDevice.publicKey(0x11), "no answer for 12 s");
            assertThat(client.call("status", "{}"))
                    .contains(
                            "\"aead\":\"jdk\"",
                            "\"offloads\":[\"tso4\",\"udp-gro\"]",
                            "\"startedAt\":\"1970-01-01T00:00:00Z\"",
                            "\"waiting\":\"no answer for 12 s\"");
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstandWithoutRepeatingIt() throws IOException {
        try (Client client = new Client()) {
            for (String request :
                    List.of(
                            "x" + SECRET,
                            "[]",
                            "{\"v\":1,\"id\":1,\"method\":\"" + SECRET + "\"}",
                            "{\"v\":2,\"id\":1,\"method\":\"version\"}",
                            "{\"v\":1,\"id\":\"" + SECRET + "\",\"method\":\"version\"}",
                            "{\"v\":1,\"id\":1,\"method\":\"version\",\"params\":[]}",
                            "{\"v\":1,\"v\":1,\"id\":1,\"method\":\"version\"}",
                            "{\"v\":1,\"id\":1,\"method\":\"version\",\"params\":{\"x\":1}}",
                            "{\"v\":1,\"id\":1,\"method\":\"peers.add\",\"params\":{\"publicKey\":\"x\"}}",
                            "{\"v\":1,\"id\":1,\"method\":\"peers.add\",\"params\":{\"publicKey\":\""
                                    + PEER
                                    + "\",\"presharedKey\":\"x"
                                    + SECRET
                                    + "\"}}",
                            "[".repeat(5000))) {
                client.send(request + "\n");
                assertThat(client.line()).contains("\"error\":{\"exit\":2,").doesNotContain(SECRET);
            }
            assertThat(device.peers).isEmpty();
        }
    }

    @Test
    void shouldLetOthersReadButNotChangeOrSeeKeys() throws Exception {
        JsonCaller stranger = new JsonCaller(false);
        JsonDeviceShow show = new JsonDeviceShow(device, device);
        assertThat(show.call(params(), stranger)).doesNotContainKey("privateKey");
        assertThatThrownBy(() -> show.call(new JsonObject(Map.of("secrets", true)), stranger))
                .hasMessageContaining("only root");
    }

    @Test
    void shouldHangUpOnARequestThatIsTooLong() throws IOException {
        try (Client client = new Client()) {
            byte[] much = new byte[1 << 16];
            Arrays.fill(much, (byte) ' ');
            for (int i = 0; i < 17; i++) {
                client.trySend(much);
            }
            assertThat(client.line()).contains("request-too-long");
            assertThat(client.line()).isEmpty();
        }
    }

    @Test
    void shouldRefuseTheSeventeenthClientAndServeTheOthers() throws IOException {
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Client client = new Client();
                clients.add(client);
                assertThat(client.call("version", "{}")).contains("result");
            }
            try (Client refused = new Client()) {
                assertThat(refused.line()).contains("too-many-clients");
                assertThat(refused.line()).isEmpty();
            }
            assertThat(clients.getFirst().call("version", "{}")).contains("result");
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldHangUpOnARequestThatDoesNotEnd() throws Exception {
        Path slowPath = temporary.resolve("slow.sock");
        JsonControlServer slow =
                new JsonControlServer(
                        loop,
                        new UnixSocketFile(slowPath),
                        List.of(new JsonVersion(device)),
                        Duration.ofSeconds(1));
        slow.start().sync();
        try (Client client = new Client(slowPath)) {
            client.send("{\"v\":1,\"id\":1,\"method\":\"version\"}\n{");
            assertThat(client.line()).contains("result");
            assertThat(client.line()).isEmpty();
        } finally {
            slow.close().sync();
        }
    }

    @Test
    void shouldAnswerOthersWhileALongAnswerIsPutIntoWords() throws Exception {
        CountDownLatch othersAreAnswered = new CountDownLatch(1);
        Path slowPath = temporary.resolve("slow.sock");
        JsonControlServer slow =
                new JsonControlServer(
                        loop,
                        new UnixSocketFile(slowPath),
                        List.of(new JsonVersion(device), new SlowMethod(othersAreAnswered)),
                        Duration.ofSeconds(60));
        slow.start().sync();
        try (Client first = new Client(slowPath);
                Client second = new Client(slowPath)) {
            first.send("{\"v\":1,\"id\":7,\"method\":\"slow\"}\n");
            assertThat(second.call("version", "{}")).contains("result");
            othersAreAnswered.countDown();
            assertThat(first.line()).isEqualTo("{\"v\":1,\"id\":7,\"result\":{\"words\":1}}");
            assertThat(first.call("version", "{}")).contains("result");
        } finally {
            slow.close().sync();
        }
    }

    @Test
    void shouldMakeLongAnswersOneAfterTheOther() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        SlowMethod method = new SlowMethod(mayGoOn);
        Path slowPath = temporary.resolve("slow.sock");
        JsonControlServer slow =
                new JsonControlServer(
                        loop,
                        new UnixSocketFile(slowPath),
                        List.of(new JsonVersion(device), method),
                        Duration.ofSeconds(60));
        slow.start().sync();
        String request = "{\"v\":1,\"id\":7,\"method\":\"slow\"}\n";
        try (Client refused = new Client(slowPath);
                Client last = new Client(slowPath)) {
            try (Client gone = new Client(slowPath);
                    Client impatient = new Client(slowPath)) {
                gone.send(request);
                assertThat(method.noted.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                impatient.send(request);
                refused.send(request.replace("}", ",\"params\":{\"x\":1}}"));
                last.send(request);
                try (Client other = new Client(slowPath)) {
                    assertThat(other.call("version", "{}")).contains("result");
                }
                assertThat(method.noted.tryAcquire()).isFalse();
            }
            mayGoOn.countDown();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> {
                        assertThat(refused.line()).contains("\"exit\":2");
                        assertThat(refused.call("version", "{}")).contains("0.1.0");
                        assertThat(last.line()).contains("words");
                    });
        } finally {
            slow.close().sync();
        }
    }

    @Test
    void shouldHangUpWhenWordsCannotBeFound() throws Exception {
        Path brokenPath = temporary.resolve("broken.sock");
        JsonControlServer broken =
                new JsonControlServer(
                        loop,
                        new UnixSocketFile(brokenPath),
                        List.of(new JsonVersion(device), new BrokenMethod()),
                        Duration.ofSeconds(60));
        broken.start().sync();
        try (Client client = new Client(brokenPath);
                Client next = new Client(brokenPath)) {
            client.send("{\"v\":1,\"id\":7,\"method\":\"broken\"}\n");
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThat(client.line()).isEmpty());
            assertThat(next.call("version", "{}")).contains("result");
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> assertThat(next.call("broken", "{}")).isEmpty());
        } finally {
            broken.close().sync();
        }
    }

    /** Notes well, and finds no words. */
    private static final class BrokenMethod implements JsonSlowMethod {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public boolean isChange() {
            return false;
        }

        @Override
        public Supplier<Map<String, ?>> note(JsonObject params) throws ControlException {
            params.rejectUnread();
            return () -> {
                throw new IllegalStateException("no words");
            };
        }
    }

    /** Finds its words only when it may. */
    private static final class SlowMethod implements JsonSlowMethod {
        final Semaphore noted = new Semaphore(0);
        private final CountDownLatch mayGoOn;

        SlowMethod(CountDownLatch mayGoOn) {
            this.mayGoOn = mayGoOn;
        }

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public boolean isChange() {
            return false;
        }

        @Override
        public Supplier<Map<String, ?>> note(JsonObject params) throws ControlException {
            params.rejectUnread();
            noted.release();
            return () -> {
                try {
                    mayGoOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return Map.of("words", 1);
            };
        }
    }

    @Test
    void shouldRefuseToStartWhereAServerListens() throws Exception {
        JsonControlServer second =
                new JsonControlServer(
                        loop,
                        new UnixSocketFile(path),
                        device,
                        segments,
                        device,
                        this::reload,
                        downs::incrementAndGet);
        assertThat(second.start().await().cause()).hasMessageContaining("listens");
        second.close().sync();
        try (Client client = new Client()) {
            assertThat(client.call("version", "{}")).contains("result");
        }
    }

    @Test
    void shouldSendALargeReplyWhole() throws IOException {
        StringBuilder prefixes = new StringBuilder();
        for (int i = 0; i < 30_000; i++) {
            prefixes.append(i == 0 ? "" : ",")
                    .append("\"10.")
                    .append(i >> 8)
                    .append('.')
                    .append(i & 255)
                    .append(".0/24\"");
        }
        try (Client client = new Client()) {
            client.call(
                    "peers.add",
                    "{\"publicKey\":\"" + PEER + "\",\"allowedIps\":[" + prefixes + "]}");
            assertThat(client.call("device.show", "{}").length()).isGreaterThan(400_000);
        }
    }

    private static JsonObject params() {
        return new JsonObject(Map.of());
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel;

        Client() throws IOException {
            this(path);
        }

        Client(Path path) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        }

        void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        void trySend(byte[] bytes) {
            try {
                channel.write(ByteBuffer.wrap(bytes));
            } catch (IOException e) {
                // The server has hung up, which is what the caller looks for.
            }
        }

        /** The next line, or an empty one at the end. */
        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (true) {
                try {
                    if (channel.read(one) < 0) {
                        return line.toString();
                    }
                } catch (IOException e) {
                    return line.toString();
                }
                one.flip();
                byte b = one.get();
                one.clear();
                if (b == '\n') {
                    return line.toString();
                }
                line.append((char) b);
            }
        }

        String call(String method, String params) throws IOException {
            send("{\"v\":1,\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}\n");
            return line();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
