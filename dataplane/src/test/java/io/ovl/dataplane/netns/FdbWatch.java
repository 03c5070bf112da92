package io.ovl.dataplane.netns;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What happens in a daemon's forwarding database from now on.
 *
 * <p>Thread: any; one of its own collects.
 */
final class FdbWatch implements AutoCloseable {
    private final SocketChannel channel;
    private final List<String> events = new CopyOnWriteArrayList<>();

    /** Returns once the daemon has promised to tell. */
    FdbWatch(SocketChannel channel, BufferedReader reader) throws IOException {
        this.channel = channel;
        if (!Control.readLine(reader).containsKey("result")) {
            throw new AssertionError("fdb.watch was refused");
        }
        Thread.ofPlatform().daemon().start(() -> collect(reader));
    }

    private void collect(BufferedReader reader) {
        try {
            while (true) {
                Map<String, @Nullable Object> event =
                        Control.member(Control.readLine(reader), "event");
                if (event != null) {
                    events.add(
                            event.get("event")
                                    + " "
                                    + event.get("mac")
                                    + " "
                                    + event.get("port")
                                    + (event.containsKey("previousPort")
                                            ? " from " + event.get("previousPort")
                                            : ""));
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** So far, in words: {@code learned MAC PORT}, {@code moved MAC PORT from PORT}. */
    List<String> events() {
        return List.copyOf(events);
    }

    /** Whether that event comes. */
    boolean tells(String event) {
        return Eventually.comesTrue(() -> events.contains(event));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
