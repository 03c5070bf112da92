package io.ovl.bench.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Writes what a daemon is measured with: {@code hub.conf}, the same with segments, the same for {@code wg setconf}, and
 * the file of its last peer, which is a daemon as well.
 *
 * <p>The hub's peers roam, as those of a hub do: it knows no endpoint and keeps nothing alive. Each has ten AllowedIPs,
 * six of IPv4 and four of IPv6. Peer n takes part in segment n.
 *
 * <p>Thread: the main thread.
 */
final class ScaleConfig {
    static final int HUB_PORT = 51_820;
    private static final int IPV4_PREFIXES = 6;
    private static final int IPV6_PREFIXES = 4;
    private static final int FIRST_VNI = 1000;

    private ScaleConfig() {}

    /** Arguments: folder, number of peers, number of segments, the hub's address on the underlay. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int peers = Integer.parseInt(arguments[1]);
        int segments = Integer.parseInt(arguments[2]);
        Files.writeString(folder.resolve("hub.conf"), hub(peers, 0, true));
        Files.writeString(folder.resolve("hub-segments.conf"), hub(peers, segments, true));
        Files.writeString(folder.resolve("hub-wg.conf"), hub(peers, 0, false));
        Files.writeString(folder.resolve("spoke.conf"), spoke(peers, arguments[3]));
    }

    static int vni(int segment) {
        return FIRST_VNI + segment;
    }

    private static String hub(int peers, int segments, boolean isOvl) {
        StringBuilder text = new StringBuilder(peers * 400);
        text.append("[Interface]\nPrivateKey = ").append(privateKey(ScaleKeys.HUB));
        text.append("\nListenPort = ").append(HUB_PORT).append('\n');
        if (isOvl) {
            text.append("Address = 10.255.0.1/8, fd00::ffff/16\nTable = off\n");
        }
        for (int segment = 1; segment <= segments; segment++) {
            text.append("[Segment s").append(segment).append("]\nVNI = ").append(vni(segment));
            text.append("\nPort = tap:sc").append(segment).append('\n');
        }
        for (int peer = 1; peer <= peers; peer++) {
            text.append("[Peer]\nPublicKey = ").append(publicKey(peer)).append('\n');
            if (isOvl) {
                text.append("Name = peer-").append(peer).append('\n');
            }
            appendAllowedIps(text, peer);
            if (peer <= segments) {
                text.append("Segments = s").append(peer).append('\n');
            }
        }
        return text.toString();
    }

    private static String spoke(int number, String hubAddress) {
        return "[Interface]\nPrivateKey = "
                + privateKey(number)
                + "\nAddress = "
                + ipv4(number)
                + "1/8\nTable = off\n[Peer]\nPublicKey = "
                + publicKey(ScaleKeys.HUB)
                + "\nEndpoint = "
                + hubAddress
                + ':'
                + HUB_PORT
                + "\nAllowedIPs = 10.0.0.0/8\nPersistentKeepalive = 25\n";
    }

    private static void appendAllowedIps(StringBuilder text, int peer) {
        text.append("AllowedIPs = ");
        for (int i = 0; i < IPV4_PREFIXES; i++) {
            text.append(ipv4(peer)).append(16 * i).append("/28, ");
        }
        for (int i = 0; i < IPV6_PREFIXES; i++) {
            text.append(i == 0 ? "" : ", ").append("fd00:").append(Integer.toHexString(peer));
            text.append(':').append(i).append("::/48");
        }
        text.append('\n');
    }

    private static String ipv4(int peer) {
        return "10." + (peer >> 8) + '.' + (peer & 0xff) + '.';
    }

    private static String privateKey(int number) {
        return Base64.getEncoder().encodeToString(ScaleKeys.bytes(number));
    }

    private static String publicKey(int number) {
        return ScaleKeys.privateKey(number).publicKey().base64();
    }
}
