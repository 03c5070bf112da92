package io.ovl.dataplane.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Echo requests to one address at a fixed pace until they are closed, and which of them were answered.
 *
 * <p>{@code ping} itself gives the last answer no more than one interval or two round trips, which on a busy machine is
 * not enough. Here requests go on behind those that count: what has had no answer a second of requests later is lost.
 *
 * <p>Thread: any.
 */
final class Pings implements AutoCloseable {
    private static final Pattern ANSWER = Pattern.compile(" bytes from .*icmp_seq=(\\d+) ");

    /** Beyond the time that the requests themselves take. */
    private static final long PATIENCE_MS = 30_000;

    private final Process process;
    private final Path output;
    private final double intervalSeconds;

    private Pings(Process process, Path output, double intervalSeconds) {
        this.process = process;
        this.output = output;
        this.intervalSeconds = intervalSeconds;
    }

    static Pings start(Host host, String address, double intervalSeconds) {
        try {
            Path output = Files.createTempFile("ovl-it-", ".pings");
            String interval = Double.toString(intervalSeconds);
            Process process = host.startInto(output, "ping", "-n", "-i", interval, address);
            return new Pings(process, output, intervalSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many of the first requests stay without an answer. */
    int lostOf(int count) {
        int later = count + Math.max(1, (int) (1 / intervalSeconds));
        long limitMs = (long) (later * intervalSeconds * 1_000) + PATIENCE_MS;
        Eventually.within(
                limitMs,
                () -> {
                    BitSet answered = answered();
                    return answered.nextClearBit(1) > count || answered.length() > later;
                });
        return count - answered().get(1, count + 1).cardinality();
    }

    /** How many of those sent up to now, and a few more, stay without an answer. */
    int lostUntilNow() {
        return lostOf(answered().length() + 1);
    }

    private BitSet answered() {
        BitSet answered = new BitSet();
        try {
            Matcher matcher = ANSWER.matcher(Files.readString(output));
            while (matcher.find()) {
                answered.set(Integer.parseInt(matcher.group(1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answered;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
