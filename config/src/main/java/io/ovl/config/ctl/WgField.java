package io.ovl.config.ctl;

import io.ovl.crypto.key.KeyText;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.Arrays;

/**
 * What {@code wg show IFACE FIELD} prints for a program: values between tabs, one peer a line, in the daemon's order.
 *
 * <p>Thread: one.
 */
enum WgField {
    PUBLIC_KEY("public-key", false, false),
    PRIVATE_KEY("private-key", false, true),
    LISTEN_PORT("listen-port", false, false),
    FWMARK("fwmark", false, false),
    PEERS("peers", true, false),
    PRESHARED_KEYS("preshared-keys", true, true),
    ENDPOINTS("endpoints", true, false),
    ALLOWED_IPS("allowed-ips", true, false),
    LATEST_HANDSHAKES("latest-handshakes", true, false),
    PERSISTENT_KEEPALIVE("persistent-keepalive", true, false),
    TRANSFER("transfer", true, false),
    DUMP("dump", true, true);

    private static final String NONE = "(none)";

    private final String word;
    private final boolean isOfPeers;
    private final boolean isSecret;

    WgField(String word, boolean isOfPeers, boolean isSecret) {
        this.word = word;
        this.isOfPeers = isOfPeers;
        this.isSecret = isSecret;
    }

    /**
     * The field that {@code wg} calls so; {@code handshakes} is a short name for one of them. Null if there is none.
     */
    static @Nullable WgField parse(String word) {
        if (word.equals("handshakes")) {
            return LATEST_HANDSHAKES;
        }
        for (WgField field : values()) {
            if (field.word.equals(word)) {
                return field;
            }
        }
        return null;
    }

    /** Whether it shows secret keys, which only root may see. */
    boolean isSecret() {
        return isSecret;
    }

    /** {@code wg}'s word for it. */
    String word() {
        return word;
    }

    /** Prints it; {@code isNamed} puts the name of the interface first on each line, as {@code wg show all} does. */
    void print(DeviceReport device, boolean isNamed, PrintStream out) {
        String start = isNamed ? device.name() + "\t" : "";
        if (!isOfPeers || this == DUMP) {
            out.print(start);
            printDevice(device, out);
            out.println();
        }
        if (isOfPeers) {
            for (PeerReport peer : device.peers()) {
                out.print(start + peer.publicKey().base64());
                printPeer(peer, out);
                out.println();
            }
        }
    }

    private void printDevice(DeviceReport device, PrintStream out) {
        String publicKey = device.publicKey() == null ? NONE : device.publicKey().base64();
        String fwmark = device.fwmark() == 0 ? "off" : "0x" + Integer.toHexString(device.fwmark());
        switch (this) {
            case PUBLIC_KEY -> out.print(publicKey);
            case PRIVATE_KEY -> printKey(device.privateKey(), out);
            case LISTEN_PORT -> out.print(device.listenPort());
            case FWMARK -> out.print(fwmark);
            default -> {
                printKey(device.privateKey(), out);
                out.print("\t" + publicKey + "\t" + device.listenPort() + "\t" + fwmark);
            }
        }
    }

    private void printPeer(PeerReport peer, PrintStream out) {
        String transfer = "\t" + peer.rxBytes() + "\t" + peer.txBytes();
        switch (this) {
            case PRESHARED_KEYS -> {
                out.print("\t");
                printKey(peer.presharedKey(), out);
            }
            case ENDPOINTS -> out.print("\t" + endpoint(peer));
            case ALLOWED_IPS -> out.print("\t" + allowedIps(peer, " "));
            case LATEST_HANDSHAKES -> out.print("\t" + handshake(peer));
            case PERSISTENT_KEEPALIVE -> out.print("\t" + keepalive(peer));
            case TRANSFER -> out.print(transfer);
            case DUMP -> {
                out.print("\t");
                printKey(peer.presharedKey(), out);
                out.print("\t" + endpoint(peer) + "\t" + allowedIps(peer, ","));
                out.print("\t" + handshake(peer) + transfer + "\t" + keepalive(peer));
            }
            default -> {
                // The key of the peer is all there is to it.
            }
        }
    }

    private static String endpoint(PeerReport peer) {
        return peer.endpoint() == null ? NONE : peer.endpoint();
    }

    private static String allowedIps(PeerReport peer, String separator) {
        return peer.allowedIps().isEmpty() ? NONE : String.join(separator, peer.allowedIps());
    }

    private static long handshake(PeerReport peer) {
        return peer.lastHandshake() == null ? 0 : peer.lastHandshake().getEpochSecond();
    }

    private static String keepalive(PeerReport peer) {
        int seconds = peer.persistentKeepaliveSeconds();
        return seconds == 0 ? "off" : Integer.toString(seconds);
    }

    private static void printKey(byte @Nullable [] key, PrintStream out) {
        if (key == null) {
            out.print(NONE);
            return;
        }
        byte[] text = KeyText.encodeBase64(key);
        out.write(text, 0, text.length);
        Arrays.fill(text, (byte) 0);
    }
}
