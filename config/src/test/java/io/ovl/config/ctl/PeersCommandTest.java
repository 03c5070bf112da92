package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class PeersCommandTest {
    private static final String KEY = Reports.publicKey(0x11).base64();
    private static final String SECRET = "d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3c=";

    @TempDir Path temporary;

    @SuppressWarnings("NullAway.Init") // start() sets it.
    private FakeDaemon daemon;

    @BeforeEach
    void start() throws IOException {
        PeerReport peer = Reports.device("ovl0", Reports.NOW).peers().get(1);
        daemon =
                FakeDaemon.answering(
                        temporary.resolve("ovl0.sock"),
                        new String(JsonCodec.write(peer.toJson()), StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peers add KEY | peers.add | {\"publicKey\":\"KEY\",\"mayExist\":false}",
                "peers add KEY --may-exist --name b | peers.add |"
                        + " {\"name\":\"b\",\"publicKey\":\"KEY\",\"mayExist\":true}",
                "peers set b --endpoint h:1 --keepalive 25 | peers.set |"
                        + " {\"endpoint\":\"h:1\",\"persistentKeepalive\":25,\"peer\":\"b\"}",
                "peers set b --keepalive off | peers.set |"
                        + " {\"persistentKeepalive\":0,\"peer\":\"b\"}",
                "peers set b --allowed-ips 10.0.0.0/8,fd00::/8 | peers.set |"
                        + " {\"allowedIps\":[\"10.0.0.0/8\",\"fd00::/8\"],\"peer\":\"b\"}",
                "peers set b --allowed-ips= | peers.set | {\"allowedIps\":[],\"peer\":\"b\"}",
                "peers set b --allowed-ips=+1.0.0.0/8,-2.0.0.0/8 | peers.set |"
                    + " {\"addAllowedIps\":[\"1.0.0.0/8\"],\"removeAllowedIps\":[\"2.0.0.0/8\"],\"peer\":\"b\"}",
                "peers show b | peers.show | {\"peer\":\"b\"}",
            })
    void shouldAskTheDaemonForWhatItIsTold(String args, String method, String params) {
        CtlRun run = CtlRun.of(temporary, args.replace("KEY", KEY).split(" "));
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(daemon.requests)
                .containsExactly(
                        "{\"v\":1,\"id\":1,\"method\":\""
                                + method
                                + "\",\"params\":"
                                + params.replace("KEY", KEY)
                                + "}");
    }

    @Test
    void shouldReadAPresharedKeyFromAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(temporary.resolve("psk"), SECRET + "\n");
        CtlRun.of(temporary, "peers", "set", "b", "--preshared-key-file", file.toString());
        CtlRun.of(temporary, Map.of(), SECRET, "peers", "set", "b", "--preshared-key-file", "-");
        assertThat(daemon.requests)
                .hasSize(2)
                .allMatch(request -> request.contains("\"presharedKey\":\"" + SECRET + "\""));
    }

    @Test
    void shouldTakeAnEmptyFileForNoPresharedKey() {
        CtlRun.of(temporary, "peers", "set", "b", "--preshared-key-file", "/dev/null");
        assertThat(daemon.requests.getFirst())
                .contains("\"presharedKey\":\"" + "A".repeat(43) + "=\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "peers set b --keepalive 65536",
                "peers set b --keepalive -1",
                "peers set b --allowed-ips 10.0.0.0/8,+1.0.0.0/8",
                "peers set b --preshared-key-file /does/not/exist"
            })
    void shouldAskNothingWhenItCannotBeRight(String args) {
        CtlRun run = CtlRun.of(temporary, args.split(" "));
        assertThat(run.exit()).isIn(ExitCode.USAGE, ExitCode.FAILED);
        assertThat(run.err()).startsWith("ovlctl: ");
        assertThat(daemon.requests).isEmpty();
    }

    @Test
    void shouldPrintWhatWasRemovedAsJson() throws IOException {
        daemon.close();
        Files.delete(temporary.resolve("ovl0.sock"));
        try (FakeDaemon other =
                FakeDaemon.answering(
                        temporary.resolve("ovl0.sock"), "{\"removed\":[\"" + KEY + "\"]}")) {
            CtlRun run = CtlRun.of(temporary, "peers", "del", "b", "--if-exists", "-j");
            assertThat(run.out()).isEqualTo("{\"v\":1,\"removed\":[\"" + KEY + "\"]}\n");
            assertThat(other.requests.getFirst())
                    .contains("\"method\":\"peers.del\"", "\"peer\":\"b\"", "\"ifExists\":true");
        }
    }
}
