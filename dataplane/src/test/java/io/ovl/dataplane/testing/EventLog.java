package io.ovl.dataplane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What happened in a simulation, in order: two runs were the same when their digests are.
 *
 * <p>Thread: the simulation's. Units: times are nanoseconds of the simulation's clock.
 */
public final class EventLog {
    private final MessageDigest digest = sha256();
    private final List<String> lines = new ArrayList<>();
    private final boolean keepsLines;

    /** A log that is only a digest, for long runs, or keeps its lines to be read. */
    public EventLog(boolean keepsLines) {
        this.keepsLines = keepsLines;
    }

    public void record(long nowNs, String event) {
        record(nowNs, event, new byte[0]);
    }

    /** The content counts for the digest, its hash is shown in the line. */
    public void record(long nowNs, String event, byte[] content) {
        String line = nowNs + " " + event;
        if (content.length > 0) {
            line += " " + HexFormat.of().formatHex(sha256().digest(content), 0, 8);
        }
        digest.update(line.getBytes(UTF_8));
        digest.update((byte) '\n');
        if (keepsLines) {
            lines.add(line);
        }
    }

    /** The lines so far; empty when they are not kept. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** SHA-256 of everything so far, in hex; recording may go on. */
    public String digest() {
        try {
            MessageDigest copy = (MessageDigest) digest.clone();
            return HexFormat.of().formatHex(copy.digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
