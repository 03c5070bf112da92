package io.ovl.dataplane.netns;

import io.ovl.config.ctl.ControlRequest;
import io.ovl.config.ctl.CountersFile;
import io.ovl.config.ctl.JsonCodec;
import io.ovl.dataplane.stats.DropReason;
import io.ovl.dataplane.stats.WorkerCounter;

import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A daemon's control socket and its counters, asked without a program in between: {@code ovlctl} takes a third of a
 * second for what is done here in one millisecond, hundreds of times.
 *
 * <p>Thread: any.
 */
final class Control {
    private static final Path FOLDER = Path.of("/run/ovl");

    private final String name;

    Control(Tunnel tunnel) {
        name = tunnel.name();
    }

    /** Asks for something that has to succeed; the parameters are names and values in turn. */
    Map<String, @Nullable Object> call(String method, Object... parameters) {
        Map<String, @Nullable Object> reply = reply(method, parameters);
        Map<String, @Nullable Object> result = member(reply, "result");
        if (result == null) {
            throw new AssertionError(method + " " + List.of(parameters) + ": " + reply);
        }
        return result;
    }

    /** Whether the daemon refuses it. */
    boolean refuses(String method, Object... parameters) {
        return reply(method, parameters).containsKey("error");
    }

    /** The entries of the forwarding database that the parameters describe. */
    List<Map<String, @Nullable Object>> fdb(Object... parameters) {
        return members(call("fdb.show", parameters), "fdb");
    }

    /** Where frames to an address go in a segment: the port's name, or nothing. */
    String portOf(String segment, String mac) {
        return fdb("segment", segment).stream()
                .filter(entry -> mac.equals(entry.get("mac")))
                .map(entry -> String.valueOf(entry.get("port")))
                .findFirst()
                .orElse("");
    }

    /** A segment as it is. */
    Map<String, @Nullable Object> segment(String segment) {
        return call("segments.show", "name", segment);
    }

    /** How many packets were dropped for that reason. */
    long drops(DropReason reason) {
        return counter("drop " + reason.name());
    }

    long count(WorkerCounter counter) {
        return counter(counter.label());
    }

    private long counter(String label) {
        long[] sum = {0};
        try (CountersFile file = CountersFile.open(FOLDER.resolve(name + ".counters"))) {
            CountersReader reader = new CountersReader(file.metadata(), file.values());
            reader.forEach(
                    (id, itsLabel) -> {
                        if (itsLabel.endsWith(": " + label)) {
                            sum[0] += reader.getCounterValue(id);
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum[0];
    }

    /** Connects and asks to be told of what happens in the forwarding database. */
    FdbWatch watch(Object... parameters) {
        try {
            SocketChannel channel = connect();
            write(channel, "fdb.watch", parameters);
            return new FdbWatch(channel, reader(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, @Nullable Object> reply(String method, Object... parameters) {
        try (SocketChannel channel = connect()) {
            write(channel, method, parameters);
            return readLine(reader(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(FOLDER.resolve(name + ".sock")));
    }

    private static void write(SocketChannel channel, String method, Object... parameters)
            throws IOException {
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            params.put(String.valueOf(parameters[i]), parameters[i + 1]);
        }
        ByteBuffer bytes = ByteBuffer.wrap(new ControlRequest(1, method, params).encode());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static BufferedReader reader(SocketChannel channel) {
        return new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    static Map<String, @Nullable Object> readLine(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the daemon closed the connection");
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return JsonCodec.read(bytes, 0, bytes.length);
    }

    @SuppressWarnings("unchecked") // JsonCodec's objects have no other keys than strings.
    static @Nullable Map<String, @Nullable Object> member(
            Map<String, @Nullable Object> object, String name) {
        return (Map<String, @Nullable Object>) object.get(name);
    }

    @SuppressWarnings("unchecked") // as above
    static List<Map<String, @Nullable Object>> members(
            Map<String, @Nullable Object> object, String name) {
        return (List<Map<String, @Nullable Object>>) Objects.requireNonNull(object.get(name));
    }
}
