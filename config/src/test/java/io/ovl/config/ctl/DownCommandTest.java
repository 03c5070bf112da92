package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class DownCommandTest {
    @TempDir Path temporary;

    @Test
    void shouldWaitForTheDaemonToEnd() throws IOException {
        Process daemon = daemonFor("0.5");
        CtlRun run = ctl(daemon, "--timeout=60s", "down", "ovl0");
        assertThat(run).isEqualTo(new CtlRun(ExitCode.OK, "", ""));
        assertThat(daemon.isAlive()).isFalse();
    }

    @Test
    void shouldSayWhenItHasNotEndedInTime() throws IOException {
        Process daemon = daemonFor("600");
        try {
            CtlRun run = ctl(daemon, "--timeout=1s", "down");
            assertThat(run.exit()).isEqualTo(ExitCode.NOT_MET);
            assertThat(run.err()).contains("process " + daemon.pid(), "--timeout");
        } finally {
            daemon.destroyForcibly();
        }
    }

    private static Process daemonFor(String seconds) throws IOException {
        return new ProcessBuilder("sleep", seconds).start();
    }

    private CtlRun ctl(Process daemon, String... arguments) throws IOException {
        try (FakeDaemon fake =
                FakeDaemon.answering(
                        temporary.resolve("ovl0.sock"), "{\"pid\":" + daemon.pid() + "}")) {
            CtlRun run = CtlRun.of(temporary, arguments);
            assertThat(fake.requests).singleElement().asString().contains("\"down\"");
            return run;
        }
    }
}
