package io.ovl.config.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A control socket that answers as it is told to, one client after the other. */
final class FakeDaemon implements AutoCloseable {
    /** The requests that came, as lines. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocketChannel server;
    private final UnaryOperator<String> answer;
    private final int answersPerClient;

    /** @param answer what to say to a request line; the empty text hangs up */
    FakeDaemon(Path socket, UnaryOperator<String> answer) throws IOException {
        this(socket, answer, Integer.MAX_VALUE);
    }

    /** Hangs up on a client that has had its answers. */
    FakeDaemon(Path socket, UnaryOperator<String> answer, int answersPerClient) throws IOException {
        this.answer = answer;
        this.answersPerClient = answersPerClient;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /** Answers each request with the same result. */
    static FakeDaemon answering(Path socket, String result) throws IOException {
        return new FakeDaemon(socket, _ -> "{\"v\":1,\"id\":1,\"result\":" + result + "}");
    }

    /** Answers each request with the same error. */
    static FakeDaemon refusing(Path socket, int exit, String code) throws IOException {
        String error = "{\"exit\":" + exit + ",\"code\":\"" + code + "\",\"message\":\"told so\"}";
        return new FakeDaemon(socket, _ -> "{\"v\":1,\"id\":1,\"error\":" + error + "}");
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept();
                    BufferedReader lines =
                            new BufferedReader(
                                    Channels.newReader(client, StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                for (int i = 0; line != null && i < answersPerClient; i++) {
                    requests.add(line);
                    String reply = answer.apply(line);
                    if (reply.isEmpty()) {
                        break;
                    }
                    ByteBuffer bytes =
                            ByteBuffer.wrap((reply + "\n").getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        client.write(bytes);
                    }
                    if (i + 1 < answersPerClient) {
                        line = lines.readLine();
                    }
                }
            } catch (IOException e) {
                // The client has gone, or the test is over.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
