package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class StatsCommandTest {
    @TempDir Path temporary;
    private Path path = Path.of("");

    @BeforeEach
    void namePath() {
        path = temporary.resolve("ovl0.counters");
    }

    @Test
    void shouldAddUpWhatTheWorkersOfALiveDaemonCount() throws IOException {
        try (CountersFile file = CountersFile.create(path, 64, 0)) {
            CountersManager manager = new CountersManager(file.metadata(), file.values());
            counter(manager, "worker 0: udp sends", 2).setRelease(3);
            counter(manager, "worker 1: udp sends", 2).setRelease(4);
            AtomicCounter drops =
                    counter(manager, "worker 0: drop NO_PEER", CountersFile.DROP_TYPE_ID);
            counter(manager, "worker 1: drop NO_PEER", CountersFile.DROP_TYPE_ID);

            assertThat(CtlRun.of(temporary, "stats").out())
                    .isEqualTo("                   7  udp sends\n");
            drops.increment();
            assertThat(CtlRun.of(temporary, "stats", "--drops", "ovl0").out())
                    .isEqualTo("                   1  drop NO_PEER\n");
            assertThat(CtlRun.of(temporary, "stats", "-d", "--all").out().lines())
                    .containsExactly(
                            "                   3  worker 0: udp sends",
                            "                   4  worker 1: udp sends",
                            "                   1  worker 0: drop NO_PEER",
                            "                   0  worker 1: drop NO_PEER");
            Golden.assertSame("ctl/stats.json", CtlRun.of(temporary, "stats", "-jp").out());
        }
    }

    @Test
    void shouldMakeAFileThatTheGroupReadsAndReplaceOneThatWasLeftBehind() throws IOException {
        Files.writeString(path, "left behind");
        try (CountersFile _ = CountersFile.create(path, 8, 0)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r-----");
            assertThat(CtlRun.of(temporary, "stats")).isEqualTo(new CtlRun(ExitCode.OK, "", ""));
        }
    }

    @Test
    void shouldFailOnAFileThatHoldsNoCounters() throws IOException {
        for (int length : new int[] {0, 63, 64, 4096}) {
            Files.write(path, new byte[length]);
            CtlRun run = CtlRun.of(temporary, "stats");
            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).contains("not a counters file");
        }
    }

    private static AtomicCounter counter(CountersManager manager, String label, int typeId) {
        return manager.newCounter(label, typeId);
    }
}
