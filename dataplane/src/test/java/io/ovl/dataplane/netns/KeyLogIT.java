package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Wireshark as a second opinion on what is on the wire, which it decrypts with the keys that a daemon writes down for
 * tests.
 */
@NetnsTest
@OvlOnly
final class KeyLogIT {
    private static final String OVERLAY_A = "10.78.0.1";
    private static final String OVERLAY_B = "10.78.0.2";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetWiresharkReadWhatIsInside(boolean hasPresharedKey) throws IOException {
        requireTshark();
        try (Lab lab = new Lab()) {
            Host a = lab.host("a");
            Host b = lab.host("b");
            lab.wire(a, "wire0", b, "wire0");
            a.ip("addr add 192.0.2.1/24 dev wire0");
            b.ip("addr add 192.0.2.2/24 dev wire0");
            Path keys = lab.file("keys", "");
            Path capture = lab.file("capture", "");
            Process tcpdump =
                    a.start(
                            "tcpdump",
                            "-i",
                            "wire0",
                            "-U",
                            "-Z",
                            "root",
                            "-w",
                            capture.toString(),
                            "udp");
            Tunnel tunnelA = Tunnel.start(lab, a, Map.of("OVL_KEYLOG_FILE", keys.toString()));
            Tunnel tunnelB = Tunnel.start(lab, b, Daemon.UNDER_TEST);
            tunnelA.addPeer(tunnelB, "192.0.2.2:51820", OVERLAY_B + "/32");
            tunnelB.addPeer(tunnelA, OVERLAY_A + "/32");
            if (hasPresharedKey) {
                String key = Command.run("wg", "genpsk");
                tunnelA.presharedKey(tunnelB, key);
                tunnelB.presharedKey(tunnelA, key);
            }
            tunnelA.up(OVERLAY_A + "/24");
            tunnelB.up(OVERLAY_B + "/24");
            assertThat(Eventually.comesTrue(() -> size(capture) > 0)).isTrue();
            assertThat(a.pings(OVERLAY_B)).isTrue();
            assertThat(
                            Eventually.comesTrue(
                                    () -> !inside(capture, keys, "icmp.type == 0").isEmpty()))
                    .isTrue();
            tcpdump.destroy();

            assertThat(inside(capture, keys, "wg && icmp.type == 8 && ip.dst == " + OVERLAY_B))
                    .hasLineCount(1);
            assertThat(inside(capture, lab.file("none", ""), "icmp")).isEmpty();
            assertThat(inside(capture, keys, "_ws.malformed || wg.handshake_ok == 0")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOTIFY_SOCKET", "INVOCATION_ID"})
    void shouldRefuseToWriteKeysAsAService(String variable) {
        try (Lab lab = new Lab()) {
            Path keys = lab.file("keys", "");
            Outcome outcome =
                    lab.host("a")
                            .tryRun(
                                    Map.of("OVL_KEYLOG_FILE", keys.toString(), variable, "x"),
                                    Daemon.UNDER_TEST.program(),
                                    Tunnel.newName());
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.output()).contains("OVL_KEYLOG_FILE is set");
        }
    }

    @Test
    void shouldWarnThatKeysAreWritten() {
        try (Lab lab = new Lab()) {
            Outcome outcome =
                    lab.host("a")
                            .tryRun(
                                    Map.of("OVL_KEYLOG_FILE", lab.file("keys", "").toString()),
                                    Daemon.UNDER_TEST.program(),
                                    Tunnel.newName());
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.output()).contains("warning: every secret goes to");
        }
    }

    /** What a display filter leaves of the capture, decrypted with the keys as far as they go. */
    private static String inside(Path capture, Path keys, String filter) {
        return Command.tryRun(
                        Map.of(),
                        List.of(
                                "sh",
                                "-c",
                                "exec tshark -r \"$0\" -o wg.keylog_file:\"$1\" -Y \"$2\""
                                        + " 2>/dev/null",
                                capture.toString(),
                                keys.toString(),
                                filter))
                .output();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void requireTshark() {
        boolean isInstalled =
                Command.tryRun(
                                Map.of(),
                                List.of("sh", "-c", "command -v tshark && command -v tcpdump"))
                        .succeeded();
        assertThat(isInstalled || System.getenv("CI") == null)
                .as("tshark and tcpdump are installed")
                .isTrue();
        assumeTrue(isInstalled, "needs tshark and tcpdump");
    }
}
