package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class FdbCommandTest {
    private static final FdbReport LEARNED =
            new FdbReport("02:00:00:00:00:05", 10, "lan", 0, "peer", "site-b", "learned", 12);
    private static final FdbReport STATIC =
            new FdbReport("02:00:00:00:00:06", 20, "dmz", 7, "vtep", "192.0.2.2", "static", 90);
    private static final FdbReport LOCAL =
            new FdbReport("02:00:00:00:00:07", 10, "lan", 0, "tap", "ovl-lan", "learned", 0);

    @TempDir Path temporary;

    private static String text(Map<String, ?> json) {
        return new String(JsonCodec.write(json), StandardCharsets.UTF_8);
    }

    private FakeDaemon daemonWithEntries() throws IOException {
        return FakeDaemon.answering(
                temporary.resolve("ovl0.sock"),
                text(
                        Map.of(
                                "fdb",
                                List.of(LEARNED.toJson(), STATIC.toJson(), LOCAL.toJson()),
                                "flushed",
                                3L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fdb show | fdb.show | {}",
                "fdb show vni 10 peer site-b dynamic | fdb.show |"
                    + " {\"vni\":10,\"kind\":\"peer\",\"port\":\"site-b\",\"state\":\"learned\"}",
                "fdb show segment lan dev ovl-lan vlan 7 | fdb.show |"
                        + " {\"segment\":\"lan\",\"kind\":\"tap\",\"port\":\"ovl-lan\",\"vlan\":7}",
                "fdb get 02:00:00:00:00:05 vni 10 | fdb.get |"
                        + " {\"mac\":\"02:00:00:00:00:05\",\"vni\":10}",
                "fdb add 02:00:00:00:00:05 vni 10 peer site-b static | fdb.add |"
                        + " {\"mac\":\"02:00:00:00:00:05\",\"vni\":10,\"kind\":\"peer\","
                        + "\"port\":\"site-b\",\"state\":\"static\",\"mayExist\":false}",
                "fdb replace 02:00:00:00:00:05 dst 192.0.2.2 segment dmz vlan 3 | fdb.replace |"
                    + " {\"mac\":\"02:00:00:00:00:05\",\"kind\":\"vtep\",\"port\":\"192.0.2.2\","
                    + "\"segment\":\"dmz\",\"vlan\":3}",
                "fdb del 02:00:00:00:00:05 vni 10 --if-exists | fdb.del |"
                        + " {\"mac\":\"02:00:00:00:00:05\",\"vni\":10,\"ifExists\":true}",
                "fdb flush segment lan | fdb.flush | {\"segment\":\"lan\",\"all\":false}",
                "fdb flush peer site-b --all | fdb.flush |"
                        + " {\"kind\":\"peer\",\"port\":\"site-b\",\"all\":true}",
                "neigh flush vni 10 | neigh.flush | {\"vni\":10}",
            })
    void shouldAskTheDaemonForWhatItIsTold(String args, String method, String params)
            throws IOException {
        try (FakeDaemon daemon = daemonWithEntries()) {
            CtlRun run = CtlRun.of(temporary, args.split(" "));
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
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
    void shouldPrintEntriesInTheWordsThatAddTakes() throws IOException {
        try (FakeDaemon _ = daemonWithEntries()) {
            assertThat(CtlRun.of(temporary, "fdb", "show").out())
                    .isEqualTo(
                            """
                            02:00:00:00:00:05 peer site-b vni 10
                            02:00:00:00:00:06 dst 192.0.2.2 vni 20 vlan 7 static
                            02:00:00:00:00:07 dev ovl-lan vni 10
                            """);
            assertThat(CtlRun.of(temporary, "fdb", "show", "-s", "-d").out())
                    .startsWith("02:00:00:00:00:05 peer site-b vni 10 segment lan used 12\n");
        }
    }

    @Test
    void shouldPrintABareArrayOfVersionedObjectsAsJson() throws IOException {
        try (FakeDaemon _ = daemonWithEntries()) {
            assertThat(CtlRun.of(temporary, "-j", "fdb", "show").out())
                    .startsWith(
                            "[{\"v\":1,\"mac\":\"02:00:00:00:00:05\",\"vni\":10,\"segment\":\"lan\","
                                + "\"vlan\":null,\"kind\":\"peer\",\"port\":\"site-b\","
                                + "\"state\":\"learned\",\"age\":12},")
                    .endsWith("}]\n");
        }
    }

    @Test
    void shouldSayHowManyEntriesWentWhenAsked() throws IOException {
        try (FakeDaemon _ = daemonWithEntries()) {
            assertThat(CtlRun.of(temporary, "fdb", "flush").out()).isEmpty();
            assertThat(CtlRun.of(temporary, "fdb", "flush", "-s").out()).isEqualTo("3 entries\n");
            assertThat(CtlRun.of(temporary, "fdb", "flush", "-j").out())
                    .isEqualTo("{\"v\":1,\"flushed\":3}\n");
        }
    }

    @Test
    void shouldPrintEventsUntilTheDaemonEnds() throws IOException {
        FdbEventReport moved =
                new FdbEventReport(
                        Instant.parse("2026-11-21T02:07:00Z"),
                        "moved",
                        "02:00:00:00:00:05",
                        10,
                        "lan",
                        0,
                        "peer",
                        "site-b",
                        "tap",
                        "ovl-lan",
                        0);
        String events =
                "{\"v\":1,\"id\":1,\"result\":{}}\n"
                        + "{\"v\":1,\"id\":1,\"event\":"
                        + text(moved.toJson())
                        + "}\n{\"v\":1,\"id\":1,\"event\":"
                        + text(FdbEventReport.lost(moved.time(), 7).toJson())
                        + "}";
        try (FakeDaemon _ = new FakeDaemon(temporary.resolve("ovl0.sock"), _ -> events, 1)) {
            CtlRun run = CtlRun.of(temporary, "fdb", "watch", "vni", "10");
            assertThat(run.out())
                    .isEqualTo(
                            """
                            moved 02:00:00:00:00:05 peer site-b vni 10 from dev ovl-lan
                            lost 7 events
                            """);
            assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(CtlRun.of(temporary, "fdb", "watch", "-j").out())
                    .startsWith(
                            "{\"v\":1,\"time\":\"2026-11-21T02:07:00Z\",\"event\":\"moved\","
                                    + "\"mac\":\"02:00:00:00:00:05\",\"vni\":10,");
        }
    }

    @Test
    void shouldShowNeighboursInTheWordsOfIpNeigh() throws IOException {
        NeighborReport router =
                new NeighborReport("fe80::1", "02:00:00:00:00:01", 10, "lan", 3, true, 4);
        try (FakeDaemon _ =
                FakeDaemon.answering(
                        temporary.resolve("ovl0.sock"),
                        text(Map.of("neighbors", List.of(router.toJson()))))) {
            assertThat(CtlRun.of(temporary, "neigh", "show", "-s").out())
                    .isEqualTo("fe80::1 vni 10 vlan 3 lladdr 02:00:00:00:00:01 router used 4\n");
            assertThat(CtlRun.of(temporary, "neigh", "show", "-j").out())
                    .startsWith("{\"v\":1,\"neighbors\":[{\"ip\":\"fe80::1\",");
        }
    }
}
