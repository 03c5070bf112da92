package io.ovl.config.ctl;

import io.ovl.crypto.key.KeyText;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Interfaces and peers as {@code wg show} prints them for a person.
 *
 * <p>Thread: one. Deviation: a peer that has a name gets a line that says it.
 */
final class WgText {
    private static final Comparator<PeerReport> MOST_RECENT_FIRST =
            Comparator.comparing(
                    PeerReport::lastHandshake,
                    Comparator.nullsLast(Comparator.<Instant>reverseOrder()));

    private final PrintStream out;
    private final SgrText sgr;
    private final boolean hidesKeys;
    private final Clock clock;

    WgText(PrintStream out, SgrText sgr, boolean hidesKeys, Clock clock) {
        this.out = out;
        this.sgr = sgr;
        this.hidesKeys = hidesKeys;
        this.clock = clock;
    }

    void print(DeviceReport device) {
        out.println(sgr.reset() + sgr.boldGreen("interface") + ": " + sgr.green(device.name()));
        if (device.publicKey() != null) {
            line("public key", device.publicKey().base64());
            secretLine("private key", device.privateKey());
        }
        if (device.listenPort() != 0) {
            line("listening port", Integer.toString(device.listenPort()));
        }
        if (device.fwmark() != 0) {
            line("fwmark", "0x" + Integer.toHexString(device.fwmark()));
        }
        List<PeerReport> peers = new ArrayList<>(device.peers());
        peers.sort(MOST_RECENT_FIRST);
        for (PeerReport peer : peers) {
            out.println();
            print(peer);
        }
    }

    void print(PeerReport peer) {
        out.println(sgr.boldYellow("peer") + ": " + sgr.yellow(peer.publicKey().base64()));
        if (peer.name() != null) {
            line("name", peer.name());
        }
        if (peer.hasPresharedKey()) {
            secretLine("preshared key", peer.presharedKey());
        }
        if (peer.endpoint() != null) {
            line("endpoint", peer.endpoint());
        }
        line("allowed ips", allowedIps(peer));
        if (peer.lastHandshake() != null) {
            line("latest handshake", ago(peer.lastHandshake()));
        }
        if (peer.rxBytes() != 0 || peer.txBytes() != 0) {
            line(
                    "transfer",
                    Quantities.bytes(peer.rxBytes(), sgr)
                            + " received, "
                            + Quantities.bytes(peer.txBytes(), sgr)
                            + " sent");
        }
        if (peer.persistentKeepaliveSeconds() != 0) {
            line(
                    "persistent keepalive",
                    "every " + Quantities.seconds(peer.persistentKeepaliveSeconds(), sgr));
        }
    }

    private String allowedIps(PeerReport peer) {
        if (peer.allowedIps().isEmpty()) {
            return "(none)";
        }
        return String.join(", ", peer.allowedIps()).replace("/", sgr.cyan("/"));
    }

    private String ago(Instant time) {
        long seconds = clock.instant().getEpochSecond() - time.getEpochSecond();
        if (seconds < 0) {
            return "("
                    + sgr.red("System clock wound backward; connection problems may ensue.")
                    + ")";
        }
        return seconds == 0 ? "Now" : Quantities.seconds(seconds, sgr) + " ago";
    }

    private void line(String label, String value) {
        out.println("  " + sgr.bold(label) + ": " + value);
    }

    private void secretLine(String label, byte @Nullable [] key) {
        out.print("  " + sgr.bold(label) + ": ");
        if (key == null || hidesKeys) {
            out.println("(hidden)");
            return;
        }
        byte[] text = KeyText.encodeBase64(key);
        out.write(text, 0, text.length);
        Arrays.fill(text, (byte) 0);
        out.println();
    }
}
