package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Compares with the installed {@code wg}, which is served the same device by UAPI. */
class WgShowIT {
    private static final Path DIRECTORY = Path.of("/run/wireguard");

    private final String name = "ovlit" + ProcessHandle.current().pid();
    private final Path socket = DIRECTORY.resolve(name + ".sock");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final DeviceReport device = Reports.device(name, now);
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final ServerSocketChannel server =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX);

    WgShowIT() throws IOException {}

    @BeforeEach
    void serve() throws IOException {
        boolean canRun =
                Files.isExecutable(Path.of("/usr/bin/wg")) && Files.isWritable(Path.of("/run"));
        assumeTrue(canRun || System.getenv("CI") != null, "needs root and wireguard-tools");
        Files.createDirectories(DIRECTORY);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }

    @Test
    void shouldPrintWhatWgPrintsInColour() throws Exception {
        text(true, true).print(device);
        assertThat(withoutAges(printed())).isEqualTo(withoutAges(wg("always", "always")));
    }

    @Test
    void shouldPrintKeysAsWgDoesWhenToldNotToHideThem() throws Exception {
        text(false, false).print(device);
        assertThat(withoutAges(printed())).isEqualTo(withoutAges(wg("never", "never")));
    }

    @Test
    void shouldPrintEachFieldAsWgDoes() throws Exception {
        for (WgField field : WgField.values()) {
            bytes.reset();
            field.print(device, false, out);
            assertThat(printed()).isEqualTo(wg("never", "always", field.word()));
        }
    }

    private WgText text(boolean isColored, boolean hidesKeys) {
        return new WgText(out, new SgrText(isColored), hidesKeys, Clock.fixed(now, ZoneOffset.UTC));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** A second may pass between the two: its words are compared, its number is not. */
    private static String withoutAges(String text) {
        return Pattern.compile("\\d+ (\\S*)seconds?").matcher(text).replaceAll("N $1seconds");
    }

    private String wg(String colorMode, String hidesKeys, String... field) throws Exception {
        ProcessBuilder wg = new ProcessBuilder("wg", "show", name);
        wg.command().addAll(List.of(field));
        wg.environment().put("WG_COLOR_MODE", colorMode);
        wg.environment().put("WG_HIDE_KEYS", hidesKeys);
        Process process = wg.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return text;
    }

    private void answer() {
        ByteBuffer reply = ByteBuffer.wrap(uapi().getBytes(StandardCharsets.US_ASCII));
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                // wg first connects only to see whether anybody listens.
                if (client.read(ByteBuffer.allocate(64)) > 0) {
                    client.write(reply.rewind());
                }
            } catch (IOException e) {
                // wg has seen enough, or the test is over.
            }
        }
    }

    private String uapi() {
        HexFormat hex = HexFormat.of();
        StringBuilder text = new StringBuilder();
        text.append("private_key=").append(hex.formatHex(Reports.key(0x48)));
        text.append("\nlisten_port=").append(device.listenPort());
        text.append("\nfwmark=").append(device.fwmark()).append('\n');
        for (PeerReport peer : device.peers()) {
            text.append("public_key=").append(peer.publicKey().hex()).append('\n');
            if (peer.presharedKey() != null) {
                text.append("preshared_key=").append(hex.formatHex(peer.presharedKey()));
                text.append('\n');
            }
            if (peer.endpoint() != null) {
                text.append("endpoint=").append(peer.endpoint()).append('\n');
            }
            long handshake =
                    peer.lastHandshake() == null ? 0 : peer.lastHandshake().getEpochSecond();
            text.append("last_handshake_time_sec=").append(handshake);
            text.append("\nlast_handshake_time_nsec=0\nrx_bytes=").append(peer.rxBytes());
            text.append("\ntx_bytes=").append(peer.txBytes());
            text.append("\npersistent_keepalive_interval=");
            text.append(peer.persistentKeepaliveSeconds()).append('\n');
            for (String prefix : peer.allowedIps()) {
                text.append("allowed_ip=").append(prefix).append('\n');
            }
        }
        return text.append("errno=0\n\n").toString();
    }
}
