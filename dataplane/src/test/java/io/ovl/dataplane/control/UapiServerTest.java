package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

@Timeout(120)
class UapiServerTest {
    private static final int MAX_CLIENTS = 16;
    private static final int MEBIBYTE = 1 << 20;
    private static final String PEER = "public_key=" + "11".repeat(32) + "\n";
    private static final String DONE = "errno=0\n\n";

    @TempDir Path temporary;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final FakeDevice device = new FakeDevice();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private Path path = Path.of("");
    private UapiServer server =
            new UapiServer(loop, new UnixSocketFile(path), device, refusals::add);

    @BeforeEach
    void start() throws Exception {
        path = temporary.resolve("ovl0.sock");
        server = new UapiServer(loop, new UnixSocketFile(path), device, refusals::add);
        server.start().sync();
    }

    @AfterEach
    void stop() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        assertThat(path).doesNotExist();
    }

    @Test
    void shouldBeForItsOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldAnswerEachRequestInOrder() throws IOException {
        try (Client client = new Client()) {
            client.send("set=1\n" + PEER + "allowed_ip=10.0.0.0/8\n\nget=1\n\nset=1\n\n");
            assertThat(client.reply()).isEqualTo(DONE);
            assertThat(client.reply()).contains(PEER, "allowed_ip=10.0.0.0/8\n").endsWith(DONE);
            assertThat(client.reply()).isEqualTo(DONE);
        }
    }

    @Test
    void shouldTakeARequestInPieces() throws IOException {
        try (Client client = new Client()) {
            for (char c : ("set=1\n" + PEER + "\n").toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.reply()).isEqualTo(DONE);
        }
        assertThat(device.peers).hasSize(1);
    }

    @Test
    void shouldChangeNothingWhenOneLineIsWrong() throws IOException {
        try (Client client = new Client()) {
            client.send("set=1\n" + PEER + "allowed_ip=10.0.0.0/8\nallowed_ip=10.0.0.0/99\n\n");
            assertThat(client.reply()).isEqualTo("errno=-22\n\n");
            assertThat(refusals).singleElement().asString().startsWith("refused a set: line 4");
            assertThat(device.peers).isEmpty();

            client.send("set=1\n" + PEER + "\n");
            assertThat(client.reply()).isEqualTo(DONE);
        }
    }

    @Test
    void shouldLogItsOwnMistakesAndHangUp() throws IOException {
        Logger log = Logger.getLogger(DefaultChannelPipeline.class.getName());
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler recorder =
                new StreamHandler() {
                    @Override
                    public void publish(LogRecord logged) {
                        records.add(logged);
                    }
                };
        device.isBroken = true;
        log.addHandler(recorder);
        log.setUseParentHandlers(false);
        try (Client client = new Client()) {
            client.send("set=1\n" + PEER + "\n");
            assertThat(client.reply()).isEmpty();
        } finally {
            log.setUseParentHandlers(true);
            log.removeHandler(recorder);
        }
        assertThat(records)
                .extracting(LogRecord::getThrown)
                .singleElement()
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldServeManyClientsAtOnce() throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(MAX_CLIENTS)) {
            List<Future<Integer>> answered = new ArrayList<>();
            for (int client = 0; client < MAX_CLIENTS; client++) {
                answered.add(executor.submit(() -> exchange(200)));
            }
            for (Future<Integer> count : answered) {
                assertThat(count.get()).isEqualTo(200);
            }
        }
    }

    private int exchange(int count) throws IOException {
        int answered = 0;
        try (Client client = new Client()) {
            for (int i = 0; i < count; i++) {
                client.send(i % 2 == 0 ? "get=1\n\n" : "set=1\n" + PEER + "\n");
                answered += client.reply().endsWith(DONE) ? 1 : 0;
            }
        }
        return answered;
    }

    @Test
    void shouldHangUpOnTheClientsBeyondItsBound() throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < MAX_CLIENTS; i++) {
            clients.add(new Client());
            clients.getLast().send("get=1\n\n");
            assertThat(clients.getLast().reply()).endsWith(DONE);
        }
        for (int i = 0; i < 100; i++) {
            try (Client refused = new Client()) {
                assertThat(refused.reply()).isEmpty();
            }
        }
        for (Client client : clients) {
            client.send("get=1\n\n");
            assertThat(client.reply()).endsWith(DONE);
            client.close();
        }
    }

    @Test
    void shouldRefuseARequestThatIsTooLongAtItsEnd() throws IOException {
        String lines = "allowed_ip=10.0.0.0/8\n".repeat(1_000);
        try (Client client = new Client();
                Client other = new Client()) {
            client.send("set=1\n" + PEER);
            for (int sent = 0; sent < 32 * MEBIBYTE; sent += lines.length()) {
                client.send(lines);
            }
            other.send("set=1\n\n");
            assertThat(other.reply()).isEqualTo(DONE);
            client.send("\n");
            assertThat(client.reply()).isEqualTo("errno=-90\n\n");
            assertThat(client.reply()).isEmpty();
        }
        assertThat(device.peers).isEmpty();
    }

    @Test
    void shouldFindTheEndOfATooLongRequestAcrossReads() throws IOException {
        try (Client client = new Client()) {
            client.send("set=1\n" + "x".repeat(17 * MEBIBYTE));
            client.send("\n");
            client.send("\n");
            assertThat(client.reply()).isEqualTo("errno=-90\n\n");
        }
    }

    @Test
    void shouldTakeTenThousandPeersInOneSet() throws IOException {
        StringBuilder request = new StringBuilder("set=1\n");
        for (int peer = 1; peer <= 10_000; peer++) {
            request.append("public_key=").append("%064x".formatted(peer)).append('\n');
            request.append("persistent_keepalive_interval=25\nreplace_allowed_ips=true\n");
            for (int i = 0; i < 10; i++) {
                request.append("allowed_ip=fd00:").append(Integer.toHexString(peer));
                request.append(':').append(i).append("::/48\n");
            }
        }
        try (Client client = new Client()) {
            client.send(request.append('\n').toString());
            assertThat(client.reply()).isEqualTo(DONE);
        }
        assertThat(device.peers).hasSize(10_000);
    }

    @Test
    void shouldServeOthersWhileALargeReplyIsRead() throws IOException {
        for (int first = 0; first < 256; first += 64) {
            StringBuilder request = new StringBuilder("set=1\n").append(PEER);
            for (int i = first << 9; i < first + 64 << 9; i++) {
                request.append("allowed_ip=10.").append(i >> 9).append('.');
                request.append(i >> 1 & 255).append('.').append((i & 1) << 7).append("/25\n");
            }
            try (Client client = new Client()) {
                client.send(request.append('\n').toString());
                assertThat(client.reply()).isEqualTo(DONE);
            }
        }
        try (Client slow = new Client();
                Client other = new Client()) {
            slow.send("get=1\n\n");
            other.send("set=1\n\n");
            assertThat(other.reply()).isEqualTo(DONE);
            assertThat(slow.reply().lines().filter(line -> line.startsWith("allowed_ip=")))
                    .hasSize(1 << 17);
        }
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        private final ByteBuffer received = ByteBuffer.allocate(1 << 16).limit(0);

        Client() throws IOException {}

        void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** A reply with its blank line, or what came of it before the server hung up. */
        String reply() {
            StringBuilder reply = new StringBuilder();
            try {
                while (!endsWithBlankLine(reply)) {
                    if (!received.hasRemaining()) {
                        int count = channel.read(received.clear());
                        received.flip();
                        if (count < 0) {
                            break;
                        }
                    }
                    reply.append((char) received.get());
                }
            } catch (IOException e) {
                // The server has hung up.
            }
            return reply.toString();
        }

        private static boolean endsWithBlankLine(StringBuilder text) {
            int length = text.length();
            return length >= 2
                    && text.charAt(length - 1) == '\n'
                    && text.charAt(length - 2) == '\n';
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
