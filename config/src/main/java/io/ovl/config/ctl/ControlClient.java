package io.ovl.config.ctl;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * A connection to a daemon's control socket.
 *
 * <p>Thread: one at a time. Errors: {@link ControlException} with exit 3 when nobody answers at the socket, 7 when it
 * may not be opened, 8 when the time is up, or with what the daemon replied. After any but the last the connection is
 * closed.
 */
final class ControlClient implements AutoCloseable {
    private static final int MAX_REPLY_LENGTH = 1 << 28;

    private final Path socket;
    private final SocketChannel channel;
    private final Thread watchdog;
    private final ByteBuffer events = ByteBuffer.allocate(1 << 16);
    private volatile boolean isTimeUp;
    private long lastId;

    private ControlClient(Path socket, SocketChannel channel, Duration timeout) {
        this.socket = socket;
        this.channel = channel;
        // A unix socket has no read timeout, and connect blocks too when the daemon hangs: closing
        // ends both.
        this.watchdog = Thread.ofPlatform().daemon().unstarted(() -> closeAfter(timeout));
    }

    /** Connects; {@code timeout} is for the connection and all calls together. */
    static ControlClient connect(Path socket, Duration timeout) throws ControlException {
        ControlClient client = null;
        try {
            client =
                    new ControlClient(
                            socket, SocketChannel.open(StandardProtocolFamily.UNIX), timeout);
            client.watchdog.start();
            client.channel.connect(UnixDomainSocketAddress.of(socket));
            return client;
        } catch (IOException e) {
            ControlException failure = failure(socket, client != null && client.isTimeUp, e);
            if (client != null) {
                client.close();
            }
            throw failure;
        }
    }

    /** Sends one request and waits for its reply. */
    JsonObject call(String method, Map<String, @Nullable Object> params) throws ControlException {
        long id = ++lastId;
        byte[] request = new ControlRequest(id, method, params).encode();
        try {
            send(request);
            return readReply(id);
        } catch (ControlException e) {
            throw OptionWords.translate(method, e);
        } catch (IOException e) {
            close();
            throw failure(socket, isTimeUp, e);
        } finally {
            Arrays.fill(request, (byte) 0);
        }
    }

    /** Takes what a daemon says to those who watch; returns whether to go on. */
    interface EventHandler {
        boolean onEvent(JsonObject event) throws ControlException;
    }

    /**
     * Asks to be told what happens, and waits for that until the handler has enough. The timeout is for the first
     * answer; what comes after it comes when it comes.
     */
    void watch(String method, Map<String, @Nullable Object> params, EventHandler handler)
            throws ControlException {
        call(method, params);
        watchdog.interrupt();
        try {
            boolean wantsMore = true;
            while (wantsMore) {
                JsonObject event = ControlReply.decodeEvent(readLine(), lastId);
                wantsMore = handler.onEvent(event);
            }
        } catch (IOException e) {
            throw failure(socket, isTimeUp, e);
        } finally {
            close();
        }
    }

    private byte[] readLine() throws IOException {
        int end = lineEnd(events, 0);
        while (end < 0) {
            int start = events.position();
            if (!events.hasRemaining()) {
                throw new IOException("the event is too long");
            }
            if (channel.read(events) < 0) {
                throw new IOException("the daemon closed the connection");
            }
            end = lineEnd(events, start);
        }
        byte[] line = Arrays.copyOf(events.array(), end);
        events.flip().position(end + 1);
        events.compact();
        return line;
    }

    private void send(byte[] request) {
        try {
            ByteBuffer unsent = ByteBuffer.wrap(request);
            while (unsent.hasRemaining()) {
                channel.write(unsent);
            }
        } catch (IOException e) {
            // A daemon that hangs up before it has read a request has said why: the reply is there
            // to read.
        }
    }

    private JsonObject readReply(long id) throws IOException, ControlException {
        ByteBuffer reply = ByteBuffer.allocate(1 << 16);
        int length = -1;
        while (length < 0) {
            if (!reply.hasRemaining()) {
                if (reply.capacity() >= MAX_REPLY_LENGTH) {
                    throw new IOException("the reply is too long");
                }
                ByteBuffer larger = ByteBuffer.allocate(reply.capacity() * 2).put(reply.flip());
                Arrays.fill(reply.array(), (byte) 0);
                reply = larger;
            }
            int start = reply.position();
            if (channel.read(reply) < 0) {
                throw new IOException("the daemon closed the connection");
            }
            length = lineEnd(reply, start);
        }
        try {
            keepEvents(reply, length + 1);
            return ControlReply.decode(reply.array(), length, id);
        } finally {
            Arrays.fill(reply.array(), (byte) 0);
        }
    }

    /** What came behind a reply is the first of the events that it promised. */
    private void keepEvents(ByteBuffer reply, int start) throws IOException {
        int length = reply.position() - start;
        if (length > events.remaining()) {
            throw new IOException("the daemon says more than it was asked");
        }
        events.put(reply.slice(start, length));
    }

    /** Where the line ends that has no end before {@code start}, or -1. */
    private static int lineEnd(ByteBuffer buffer, int start) {
        for (int i = start; i < buffer.position(); i++) {
            if (buffer.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        watchdog.interrupt();
        try {
            channel.close();
        } catch (IOException e) {
            // The request has been answered or has failed: there is nothing left to lose.
        }
    }

    private void closeAfter(Duration timeout) {
        try {
            Thread.sleep(timeout);
            isTimeUp = true;
            channel.close();
        } catch (InterruptedException | IOException e) {
            // Closed before its time.
        }
    }

    private static ControlException failure(Path socket, boolean isTimeUp, IOException e) {
        if (isTimeUp || e instanceof ClosedChannelException) {
            return new ControlException(
                    ExitCode.NOT_MET, "timed-out", "no answer in time at " + socket);
        }
        if (Files.exists(socket) && !Files.isWritable(socket)) {
            return new ControlException(
                    ExitCode.NOT_PERMITTED,
                    "not-permitted",
                    socket + ": permission denied: be root, or in the socket's group");
        }
        return new ControlException(
                ExitCode.UNREACHABLE,
                "unreachable",
                "no daemon answers at " + socket + ": " + e.getMessage());
    }
}
