package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

class ExitCodeTest {
    @TempDir Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "peers",
                "peers nonsense",
                "peers add",
                "peers list a b",
                "segments nonsense",
                "segments add",
                "segments set lan --vni x",
                "segments set lan --vni 16777216",
                "segments set lan --mtu much",
                "segments set lan --learning maybe",
                "fdb show nonsense",
                "fdb show vni",
                "fdb show vni -1",
                "fdb show vni 1 vni 2",
                "fdb show dev a peer b",
                "fdb get 02:00:00:00:00:05",
                "fdb add 02:00:00:00:00:05 vni 1",
                "fdb add 02:00:00:00:00:05 vlan 4095 vni 1 peer b",
                "mtu --underlay much",
                "show ovl0 nonsense",
                "show -i",
                "show --timeout soon",
                "show -c sometimes",
                "status --check nonsense",
                "peers list -i ../../etc",
                "key",
                "completion tcsh"
            })
    void shouldExitWithUsageOnWhatItDoesNotUnderstand(String args) {
        CtlRun run = CtlRun.of(temporary, args.split(" "));
        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("ovlctl: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show",
                "status",
                "peers list",
                "segments list",
                "fdb show",
                "fdb watch",
                "mtu",
                "stats",
                "show ovl0",
                "status ovl0"
            })
    void shouldExitWithUnreachableWhereNoDaemonRuns(String args) {
        CtlRun run = CtlRun.of(temporary, args.split(" "));
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("no daemon runs");
    }

    @Test
    void shouldExitWithUnreachableWhereTheDaemonHasDied() throws IOException {
        Files.createFile(temporary.resolve("ovl0.sock"));
        CtlRun run = CtlRun.of(temporary, "show", "ovl0");
        assertThat(run.exit()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(run.err()).contains("no daemon answers at");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 7, 8})
    void shouldExitWithWhatTheDaemonSays(int exit) throws IOException {
        try (FakeDaemon _ = FakeDaemon.refusing(temporary.resolve("ovl0.sock"), exit, "some")) {
            CtlRun run = CtlRun.of(temporary, "peers", "show", "x");
            assertThat(run.exit()).isEqualTo(exit);
            assertThat(run.err()).isEqualTo("ovlctl: told so\n");
        }
    }

    @Test
    void shouldReportFailuresAsJsonWhenJsonIsAskedFor() throws IOException {
        try (FakeDaemon _ =
                FakeDaemon.refusing(temporary.resolve("ovl0.sock"), 4, "no-such-peer")) {
            CtlRun run = CtlRun.of(temporary, "peers", "show", "x", "-j");
            assertThat(run.err())
                    .isEqualTo(
                            """
                            {"v":1,"error":{"exit":4,"code":"no-such-peer","message":"told so"}}
                            """);
        }
    }

    @Test
    void shouldPrintNothingWhenToldToBeQuiet() throws IOException {
        try (FakeDaemon _ =
                FakeDaemon.refusing(temporary.resolve("ovl0.sock"), 4, "no-such-peer")) {
            CtlRun run = CtlRun.of(temporary, "-q", "peers", "show", "x");
            assertThat(run).isEqualTo(new CtlRun(4, "", ""));
        }
    }

    @Test
    void shouldExitWithNotMetWhenTheDaemonDoesNotAnswerInTime() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        try (FakeDaemon _ =
                new FakeDaemon(
                        temporary.resolve("ovl0.sock"),
                        _ -> {
                            await(never);
                            return "";
                        })) {
            CtlRun run = CtlRun.of(temporary, "show", "--timeout", "100ms");
            assertThat(run.exit()).isEqualTo(ExitCode.NOT_MET);
            assertThat(run.err()).contains("no answer in time");
        } finally {
            never.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "[]",
                "{\"v\":1,\"id\":2,\"result\":{}}",
                "{\"v\":2,\"id\":1,\"result\":{}}",
                "{\"v\":1,\"id\":1,\"result\":[]}",
                "{\"v\":1,\"id\":1,\"result\":{\"name\":7}}",
                "{\"v\":1,\"id\":1,\"result\":{\"name\":\"x\",\"peers\":[{}]}}",
                "{\"v\":1,\"id\":1,\"error\":\"x\"}"
            })
    void shouldFailOnAReplyThatIsNone(String reply) throws IOException {
        try (FakeDaemon _ = new FakeDaemon(temporary.resolve("ovl0.sock"), _ -> reply)) {
            CtlRun run = CtlRun.of(temporary, "show");
            assertThat(run.exit()).isNotZero();
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("ovlctl: ").doesNotContain("Exception");
        }
    }

    @Test
    void shouldListTheInterfacesWhenItNeedsToKnowWhichOne() throws IOException {
        try (FakeDaemon _ = FakeDaemon.answering(temporary.resolve("b.sock"), "{}");
                FakeDaemon _ = FakeDaemon.answering(temporary.resolve("a.sock"), "{}")) {
            CtlRun run = CtlRun.of(temporary, "peers", "list");
            assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err())
                    .isEqualTo("ovlctl: several interfaces run, say which one: a, b\n");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
