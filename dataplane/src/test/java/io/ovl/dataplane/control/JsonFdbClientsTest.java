package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.ovl.config.ctl.ControlException;
import io.ovl.config.ctl.ExitCode;
import io.ovl.config.model.SegmentUpdate;
import io.ovl.dataplane.l2.Port;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Clients that ask for a whole large table, and that watch one without reading. */
class JsonFdbClientsTest {
    private static final int ENTRIES = 100_000;
    private static final long FIRST_MAC = 0x0200_0000_0000L;
    private static final int VNI = 10;

    @TempDir Path temporary;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final FakeDevice device = new FakeDevice();
    private final SegmentLab lab = new SegmentLab();
    private Path path = Path.of("");

    @BeforeEach
    void start() throws Exception {
        lab.segments.apply(SegmentUpdate.put(SegmentLab.lan()));
        path = temporary.resolve("ovl0.sock");
        new JsonControlServer(
                        loop,
                        new UnixSocketFile(path),
                        device,
                        lab.segments,
                        device,
                        _ -> {
                            throw new ControlException(ExitCode.NO_SUCH_OBJECT, "x", "no file");
                        },
                        () -> {})
                .start()
                .sync();
    }

    @AfterEach
    void stop() throws Exception {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** On the event loop, whose the table is; each entry that is added is an event. */
    private void fillTable() throws Exception {
        Port tap = Objects.requireNonNull(lab.tables.segments().segment(VNI)).tap();
        int port = Objects.requireNonNull(tap).id();
        loop.submit(
                        () -> {
                            for (int i = 0; i < ENTRIES; i++) {
                                lab.tables.fdb().addStatic(VNI, FIRST_MAC + i, 0, port, 1);
                            }
                        })
                .sync();
    }

    private void emptyTable() throws Exception {
        loop.submit(() -> lab.tables.fdb().flush(true)).sync();
    }

    @Test
    void shouldTellTheWholeOfALargeTable() throws Exception {
        fillTable();
        try (Client client = new Client()) {
            String reply = client.call("fdb.show");
            assertThat(reply.split("\"mac\"", -1)).hasSize(1 + ENTRIES);
            assertThat(reply)
                    .startsWith(
                            "{\"v\":1,\"id\":1,\"result\":{\"fdb\":[{\"mac\":\"02:00:00:00:00:00\"")
                    .contains("\"mac\":\"02:00:00:01:86:9f\"");
            assertThat(client.call("version")).contains("result");
        }
    }

    @Test
    void shouldCountInsteadOfKeepWhatAWatcherDoesNotRead() throws Exception {
        try (Client stalled = new Client();
                Client other = new Client()) {
            assertThat(stalled.call("fdb.watch")).contains("result");
            fillTable();
            emptyTable();
            assertThat(other.call("version")).contains("result");

            int told = 0;
            String line = stalled.line();
            while (line.contains("\"mac\":\"02:")) {
                told++;
                if (told == 1) {
                    // Whatever happens once it reads again comes behind the count of the rest.
                    assertThat(line).contains("\"event\":\"added\"");
                }
                line = told < 100 ? stalled.line() : nextOrNudge(stalled);
            }
            assertThat(line).contains("\"event\":\"lost\"", "\"count\":");
            long lost = Long.parseLong(line.replaceAll(".*\"count\":(\\d+).*", "$1"));
            // What the buffers of a socket and of a channel hold.
            assertThat(told).isLessThan(20_000);
            assertThat(lost + told).isGreaterThanOrEqualTo(ENTRIES);
        }
    }

    /** The next line; something happens meanwhile, so that there is one. */
    private String nextOrNudge(Client client) throws Exception {
        if (!client.isReady()) {
            loop.submit(
                            () -> {
                                lab.tables.fdb().addStatic(VNI, FIRST_MAC, 0, 1, 1);
                                lab.tables.fdb().flush(true);
                            })
                    .sync();
        }
        return client.line();
    }

    private final class Client implements AutoCloseable {
        private final SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        private final BufferedReader reader =
                new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));

        Client() throws IOException {}

        boolean isReady() throws IOException {
            return reader.ready();
        }

        String line() throws IOException {
            return Objects.requireNonNull(reader.readLine());
        }

        String call(String method) throws IOException {
            String request = "{\"v\":1,\"id\":1,\"method\":\"" + method + "\"}\n";
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return line();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
