package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class SegmentsCommandTest {
    private static final SegmentReport LAN =
            new SegmentReport(
                    "lan",
                    10,
                    "wireguard",
                    "ovl-lan",
                    "br0",
                    null,
                    List.of(),
                    300,
                    8192,
                    10_000,
                    false,
                    false,
                    true,
                    true,
                    false,
                    1418,
                    false,
                    3,
                    List.of("site-b", "site-c"),
                    List.of("checksum", "tso4"),
                    false);
    private static final SegmentReport DMZ =
            new SegmentReport(
                    "dmz",
                    20,
                    "vxlan",
                    "ovl-dmz",
                    null,
                    "192.0.2.1:4789",
                    List.of("192.0.2.2:4789"),
                    0,
                    64,
                    0,
                    true,
                    true,
                    false,
                    false,
                    true,
                    1400,
                    true,
                    1,
                    List.of(),
                    List.of(),
                    true);

    @TempDir Path temporary;

    private FakeDaemon daemon(Map<String, ?> result) throws IOException {
        return FakeDaemon.answering(
                temporary.resolve("ovl0.sock"),
                new String(JsonCodec.write(result), StandardCharsets.UTF_8));
    }

    private FakeDaemon daemonWithSegments() throws IOException {
        return daemon(Map.of("segments", List.of(LAN.toJson(), DMZ.toJson())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "segments add lan --vni 10 --port ovl-lan | segments.add |"
                        + " {\"name\":\"lan\",\"vni\":10,\"port\":\"ovl-lan\",\"mayExist\":false}",
                "segments add lan --vni 10 --port tap:ovl-lan | segments.add |"
                        + " {\"name\":\"lan\",\"vni\":10,\"port\":\"ovl-lan\",\"mayExist\":false}",
                "segments add lan --vni 0 --may-exist | segments.add |"
                        + " {\"name\":\"lan\",\"vni\":0,\"mayExist\":true}",
                "segments set lan --bridge= --mtu auto --ageing off --flood-limit off |"
                    + " segments.set |"
                    + " {\"name\":\"lan\",\"bridge\":\"\",\"ageing\":0,\"floodLimit\":0,\"mtu\":0}",
                "segments set lan --ageing 30s --max-macs 5 --mtu 1400 | segments.set |"
                        + " {\"name\":\"lan\",\"ageing\":30,\"maxMacs\":5,\"mtu\":1400}",
                "vni set dmz --encap vxlan --local 192.0.2.1 --remote 192.0.2.2,192.0.2.3 |"
                        + " segments.set |"
                        + " {\"name\":\"dmz\",\"encap\":\"vxlan\",\"local\":\"192.0.2.1\","
                        + "\"remotes\":[\"192.0.2.2\",\"192.0.2.3\"]}",
                "segments set lan --open on --strict off --suppress-arp on --learning off"
                        + " --clamp-mss on | segments.set |"
                        + " {\"name\":\"lan\",\"open\":true,\"strict\":false,"
                        + "\"suppressArp\":true,\"learning\":false,\"clampMss\":true}",
                "segments show 10 | segments.show | {\"name\":\"10\"}",
                "peers set b --segments lan,dmz --vtep 10.77.0.2 | peers.set |"
                        + " {\"segments\":[\"lan\",\"dmz\"],\"vtep\":\"10.77.0.2\",\"peer\":\"b\"}",
                "peers set b --segments=+lan,-dmz | peers.set |"
                    + " {\"addSegments\":[\"lan\"],\"removeSegments\":[\"dmz\"],\"peer\":\"b\"}",
                "peers set b --segments= --vtep= --name= --endpoint= | peers.set |"
                    + " {\"name\":\"\",\"endpoint\":\"\",\"segments\":[],\"vtep\":\"\",\"peer\":\"b\"}",
            })
    void shouldAskTheDaemonForWhatItIsTold(String args, String method, String params)
            throws IOException {
        try (FakeDaemon daemon = daemon(LAN.toJson())) {
            CtlRun.of(temporary, args.split(" "));
            assertThat(daemon.requests)
                    .containsExactly(
                            "{\"v\":1,\"id\":1,\"method\":\""
                                    + method
                                    + "\",\"params\":"
                                    + params
                                    + "}");
        }
    }

    @Test
    void shouldWarnOfASegmentThatLeadsNowhere() throws IOException {
        Map<String, @Nullable Object> cutOff = DMZ.toJson();
        cutOff.put("open", false);
        cutOff.put("remotes", List.of());
        try (FakeDaemon _ = daemon(cutOff)) {
            String[] add = {"segments", "add", "dmz", "--vni", "20", "--port", "x"};
            CtlRun run = CtlRun.of(temporary, add);
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.err())
                    .isEqualTo(
                            "warning: segment dmz has neither --remote nor --open on: it sends to"
                                    + " nobody, and takes nothing from anybody\n");
            assertThat(CtlRun.of(temporary, "-q", "segments", "set", "dmz", "--open", "off").err())
                    .isEmpty();
        }
    }

    @Test
    void shouldNotWarnOfASegmentThatLeadsSomewhere() throws IOException {
        for (SegmentReport report : List.of(LAN, DMZ)) {
            try (FakeDaemon _ = daemon(report.toJson())) {
                assertThat(CtlRun.of(temporary, "segments", "set", "x", "--mtu", "1400").err())
                        .isEmpty();
            }
            Files.delete(temporary.resolve("ovl0.sock"));
        }
    }

    @Test
    void shouldListSegmentsInColumns() throws IOException {
        try (FakeDaemon _ = daemonWithSegments()) {
            assertThat(CtlRun.of(temporary, "segments", "list").out())
                    .isEqualTo(
                            """
                            NAME  VNI  PORT     BRIDGE  ENCAP      MTU   MACS  REMOTES
                            lan   10   ovl-lan  br0     wireguard  1418  3     site-b,site-c
                            dmz   20   ovl-dmz  -       vxlan      1400  1     192.0.2.2:4789
                            """);
        }
    }

    @Test
    void shouldReadBackWhatItPrintsAsJson() throws Exception {
        try (FakeDaemon _ = daemonWithSegments()) {
            String out = CtlRun.of(temporary, "segments", "list", "-j").out();
            byte[] text = out.strip().getBytes(StandardCharsets.UTF_8);
            JsonObject json = new JsonObject(JsonCodec.read(text, 0, text.length));
            assertThat(json.number("v", 0, 9, 0)).isEqualTo(1);
            assertThat(SegmentReport.fromJson(json.objects("segments").getFirst())).isEqualTo(LAN);
            assertThat(SegmentReport.fromJson(json.objects("segments").getLast())).isEqualTo(DMZ);
        }
    }

    @Test
    void shouldShowASegmentWithAllItsSettings() throws IOException {
        try (FakeDaemon _ = daemon(DMZ.toJson())) {
            Golden.assertSame(
                    "segments-show.txt", CtlRun.of(temporary, "segments", "show", "dmz").out());
        }
    }

    @Test
    void shouldTellOfSegmentsInTheStatus() throws IOException {
        String daemonPart =
                "\"version\":\"0.1.0\",\"interface\":\"ovl0\",\"kind\":\"tun\",\"aead\":\"jdk\"";
        String segments =
                new String(JsonCodec.write(LAN.toJson()), StandardCharsets.UTF_8)
                        + ","
                        + new String(JsonCodec.write(DMZ.toJson()), StandardCharsets.UTF_8);
        try (FakeDaemon _ =
                FakeDaemon.answering(
                        temporary.resolve("ovl0.sock"),
                        "{" + daemonPart + ",\"peers\":[],\"segments\":[" + segments + "]}")) {
            assertThat(CtlRun.of(temporary, "status").out())
                    .contains(
                            "  segment lan: vni 10, ovl-lan in br0, wireguard, mtu 1418, 3 macs, to"
                                    + " site-b,site-c, offloads checksum tso4\n",
                            "  segment dmz: vni 20, ovl-dmz, vxlan, mtu 1400, 1 mac, to"
                                    + " 192.0.2.2:4789, offloads none, loop: its own frames come"
                                    + " back\n");
            assertThat(CtlRun.of(temporary, "status", "-j").out())
                    .contains("\"segments\":[{\"name\":\"lan\",\"vni\":10");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    segments add x            | a new segment needs "vni" and "port" | a new segment needs --vni and --port
                    segments set x --remote a | "remotes" must be IP, not "local"    | --remote must be IP, not "local"
                    peers set x --name a      | "allowedIps" must be addresses       | --allowed-ips must be addresses
                    mtu --underlay 70000      | "underlayMtu" must be less           | --underlay must be less
                    fdb get x vni 1           | "mac" must be an address, not "x"    | MAC must be an address, not "x"
                    """)
    void shouldSayWhatIsWrongInTheWordsOfTheCommandLine(String args, String said, String understood)
            throws IOException {
        String error =
                new String(
                        JsonCodec.write(
                                Map.of("exit", 2, "code", "invalid-params", "message", said)),
                        StandardCharsets.UTF_8);
        try (FakeDaemon _ =
                new FakeDaemon(
                        temporary.resolve("ovl0.sock"),
                        _ -> "{\"v\":1,\"id\":1,\"error\":" + error + "}")) {
            CtlRun run = CtlRun.of(temporary, args.split(" "));
            assertThat(run.err()).isEqualTo("ovlctl: " + understood + "\n");
            assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void shouldPrintWhatWasRemovedAsJson() throws IOException {
        try (FakeDaemon daemon = daemon(Map.of("removed", List.of("lan")))) {
            CtlRun run = CtlRun.of(temporary, "segments", "del", "lan", "--if-exists", "-j");
            assertThat(run.out()).isEqualTo("{\"v\":1,\"removed\":[\"lan\"]}\n");
            assertThat(daemon.requests.getFirst())
                    .contains("segments.del", "\"name\":\"lan\"", "\"ifExists\":true");
        }
    }

    @Test
    void shouldShowTheSumThatAnMtuComesFrom() throws IOException {
        MtuReport path =
                new MtuReport(
                        "site-b",
                        "compact",
                        "192.0.2.2:51820",
                        1500,
                        1418,
                        List.of("   1500  MTU of the underlay", "=  1418  MTU of the TAP"));
        try (FakeDaemon daemon = daemon(Map.of("paths", List.of(path.toJson())))) {
            assertThat(CtlRun.of(temporary, "mtu", "site-b", "--underlay", "1500").out())
                    .isEqualTo(
                            """
                            site-b: compact over 192.0.2.2:51820, mtu 1418
                                 1500  MTU of the underlay
                              =  1418  MTU of the TAP
                            """);
            assertThat(CtlRun.of(temporary, "mtu", "-j").out())
                    .contains("\"paths\":[{\"target\":\"site-b\"", "\"mtu\":1418");
            assertThat(daemon.requests.getFirst())
                    .contains("\"params\":{\"peer\":\"site-b\",\"underlayMtu\":1500}");
        }
    }
}
