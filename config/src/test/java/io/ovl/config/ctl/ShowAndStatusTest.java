package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ShowAndStatusTest {
    private static final String ANY_AGE = "handshake \\d+[smhdy] ago";

    @TempDir Path temporary;
    private Path socket = Path.of("");

    @BeforeEach
    void nameSocket() {
        socket = temporary.resolve("ovl0.sock");
    }

    @Test
    void shouldShowEveryInterfaceWithoutAskingForSecrets() throws IOException {
        Path second = temporary.resolve("ovl1.sock");
        try (FakeDaemon daemon = FakeDaemon.answering(socket, device("ovl0"));
                FakeDaemon _ = FakeDaemon.answering(second, device("ovl1"))) {
            CtlRun run = CtlRun.of(temporary, "show");
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.out())
                    .startsWith("interface: ovl0\n  public key: kXey")
                    .contains("\n\ninterface: ovl1\n");
            assertThat(daemon.requests)
                    .containsExactly(
                            "{\"v\":1,\"id\":1,\"method\":\"device.show\",\"params\":{\"secrets\":false}}");
            assertThat(CtlRun.of(temporary, "show", "ovl1", "listen-port").out())
                    .isEqualTo("51820\n");
            assertThat(CtlRun.of(temporary, "show", "all", "listen-port").out())
                    .isEqualTo("ovl0\t51820\novl1\t51820\n");
            assertThat(CtlRun.of(temporary, "show", "interfaces").out()).isEqualTo("ovl0 ovl1\n");
        }
    }

    @Test
    void shouldAskForSecretsWhenTheyAreToBeShown() throws IOException {
        try (FakeDaemon daemon = FakeDaemon.answering(socket, device("ovl0"))) {
            CtlRun.of(temporary, "show", "ovl0", "dump");
            CtlRun.of(temporary, Map.of("WG_HIDE_KEYS", "never"), "", "show");
            assertThat(daemon.requests)
                    .hasSize(2)
                    .allMatch(request -> request.contains("\"secrets\":true"));
        }
    }

    @Test
    void shouldColourWhenToldTo() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, device("ovl0"))) {
            assertThat(CtlRun.of(temporary, "show").out()).doesNotContain("\033");
            assertThat(CtlRun.of(temporary, "show", "-c", "always").out()).contains("\033[32m");
            Map<String, String> always = Map.of("WG_COLOR_MODE", "always");
            assertThat(CtlRun.of(temporary, always, "", "show").out()).contains("\033[32m");
            assertThat(CtlRun.of(temporary, always, "", "show", "-c", "never").out())
                    .doesNotContain("\033");
        }
    }

    @Test
    void shouldPassOverTheSocketsOfDaemonsThatWereKilled() throws IOException {
        FakeDaemon.answering(temporary.resolve("dead.sock"), device("dead")).close();
        assertThat(temporary.resolve("dead.sock")).exists();
        try (FakeDaemon _ = FakeDaemon.answering(socket, status(null))) {
            assertThat(CtlRun.of(temporary, "status"))
                    .satisfies(
                            run -> {
                                assertThat(run.exit()).isEqualTo(ExitCode.OK);
                                assertThat(run.out()).startsWith("ovl0: ");
                                assertThat(run.err()).isEmpty();
                            });
            assertThat(CtlRun.of(temporary, "segments", "list").exit()).isEqualTo(ExitCode.OK);
            assertThat(CtlRun.of(temporary, "show", "interfaces").out()).isEqualTo("ovl0\n");
            assertThat(CtlRun.of(temporary, "status", "dead").exit())
                    .isEqualTo(ExitCode.UNREACHABLE);
        }
    }

    @Test
    void shouldSayThatNoneRunsWhenAllWereKilled() throws IOException {
        FakeDaemon.answering(socket, device("ovl0")).close();
        for (String verb : List.of("show", "status", "mtu")) {
            CtlRun run = CtlRun.of(temporary, verb);
            assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.err()).contains("no daemon runs here");
        }
    }

    @Test
    void shouldShowTheOthersWhenOneDaemonDoesNotAnswer() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, device("ovl0"));
                FakeDaemon _ = new FakeDaemon(temporary.resolve("sick.sock"), _ -> "")) {
            CtlRun run = CtlRun.of(temporary, "show");
            assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(run.out()).contains("interface: ovl0");
            assertThat(run.err()).contains("sick.sock");
        }
    }

    @Test
    void shouldTakeTheInterfaceAsAnOptionWhereverItMayBeAnArgument() throws IOException {
        Path second = temporary.resolve("ovl1.sock");
        try (FakeDaemon _ = FakeDaemon.answering(socket, "{}");
                FakeDaemon _ = FakeDaemon.answering(second, status(null))) {
            assertThat(CtlRun.of(temporary, "status", "-i", "ovl1").exit()).isEqualTo(ExitCode.OK);
            assertThat(CtlRun.of(temporary, "-i", "ovl1", "peers", "list").out())
                    .contains("site-b");
            assertThat(CtlRun.of(temporary, "show", "-i", "ovl1").err()).contains("\"name\"");
        }
    }

    @Test
    void shouldKeepTheShapeOfItsJson() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, device("ovl0"))) {
            Golden.assertSame("ctl/show.json", CtlRun.of(temporary, "show", "-j", "-p").out());
        }
        Files.delete(socket);
        try (FakeDaemon _ = FakeDaemon.answering(socket, status(null))) {
            Golden.assertSame("ctl/status.json", CtlRun.of(temporary, "-jp", "status").out());
            Golden.assertSame(
                    "ctl/peers-list.json", CtlRun.of(temporary, "peers", "list", "-jp").out());
        }
    }

    @Test
    void shouldSayOnALineEachHowThingsAreAndWhyAPeerWaits() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, status("no answer for 12 s"))) {
            CtlRun run = CtlRun.of(temporary, "status");
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.out().lines())
                    .satisfiesExactly(
                            line ->
                                    assertThat(line)
                                            .isEqualTo(
                                                    "ovl0: tun, mtu 1420, port 51820, ipsec-mb, 2"
                                                            + " workers, offloads tso4 udp-gro"),
                            line ->
                                    assertThat(line)
                                            .matches(
                                                    "  site-b: "
                                                            + ANY_AGE
                                                            + ", endpoint 192.0.2.1:51820"),
                            line ->
                                    assertThat(line)
                                            .isEqualTo(
                                                    "  IiIi…iIiI: no handshake, endpoint unknown,"
                                                            + " waiting: no answer for 12 s"));
        }
    }

    @Test
    void shouldExitByTheCheck() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, status("no answer"))) {
            assertThat(CtlRun.of(temporary, "status", "--check", "live").exit())
                    .isEqualTo(ExitCode.OK);
            assertThat(CtlRun.of(temporary, "status", "--check", "ready").exit())
                    .isEqualTo(ExitCode.NOT_MET);
        }
        Files.delete(socket);
        try (FakeDaemon _ = FakeDaemon.answering(socket, status(null))) {
            assertThat(CtlRun.of(temporary, "-q", "status", "--check=ready"))
                    .isEqualTo(new CtlRun(ExitCode.OK, "", ""));
        }
    }

    @Test
    void shouldListPeersInColumns() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, status(null))) {
            assertThat(CtlRun.of(temporary, "peers", "list", "-s").out().lines())
                    .satisfiesExactly(
                            line ->
                                    assertThat(line)
                                            .matches(
                                                    "NAME +PEER +ENDPOINT +HANDSHAKE +RX +TX"
                                                            + " +ALLOWED IPS +SEGMENTS +VTEP"),
                            line ->
                                    assertThat(line)
                                            .matches(
                                                    "site-b  ERER.*=  192.0.2.1:51820  \\S+ +1 +2"
                                                            + " +10.0.0.2/32 +lan +10.77.0.2"),
                            line ->
                                    assertThat(line)
                                            .matches("- +IiIi.*=  - +never +0 +0 +- +- +-"));
        }
    }

    @Test
    void shouldShowAPeersSegmentsAndVtep() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, json(siteB().toJson()))) {
            assertThat(CtlRun.of(temporary, "peers", "show", "site-b").out())
                    .endsWith("  segments: lan\n  vtep: 10.77.0.2\n");
        }
    }

    @Test
    void shouldPrintItsVersionAndTheDaemons() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(socket, "{\"version\":\"0.1.0\"}")) {
            assertThat(CtlRun.of(temporary, "version").out())
                    .isEqualTo("ovlctl " + OvlVersion.current() + "\novld 0.1.0 (ovl0)\n");
        }
        assertThat(CtlRun.of(temporary.resolve("none"), "version").exit()).isEqualTo(ExitCode.OK);
    }

    private static String device(String name) {
        DeviceReport device = Reports.device(name, Reports.NOW);
        return json(
                new DeviceReport(
                                name,
                                device.publicKey(),
                                null,
                                device.listenPort(),
                                device.fwmark(),
                                device.peers().subList(1, 3))
                        .toJson());
    }

    private static String status(@Nullable String waiting) {
        DaemonStatus daemon =
                new DaemonStatus(
                        "0.1.0",
                        "ovl0",
                        "tun",
                        1420,
                        51_820,
                        "ipsec-mb",
                        2,
                        List.of("tso4", "udp-gro"),
                        Instant.parse("2026-11-21T00:00:00Z"));
        PeerReport second =
                new PeerReport(
                        Reports.publicKey(0x22),
                        null,
                        true,
                        null,
                        null,
                        null,
                        null,
                        0,
                        0,
                        0,
                        List.of(),
                        List.of(),
                        null,
                        waiting);
        Map<String, @Nullable Object> json = new LinkedHashMap<>(daemon.toJson());
        json.put("peers", List.of(siteB().toJson(), second.toJson()));
        return json(json);
    }

    private static PeerReport siteB() {
        return new PeerReport(
                Reports.publicKey(0x11),
                "site-b",
                false,
                null,
                "192.0.2.1:51820",
                "b.example.net:51820",
                Reports.NOW,
                1,
                2,
                25,
                List.of("10.0.0.2/32"),
                List.of("lan"),
                "10.77.0.2",
                null);
    }

    private static String json(Map<String, ?> object) {
        return new String(JsonCodec.write(object), StandardCharsets.UTF_8);
    }
}
