package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HelpTest {
    @TempDir Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "show",
                "status",
                "peers",
                "peers list",
                "peers show",
                "peers add",
                "peers set",
                "peers del",
                "segments",
                "segments list",
                "segments show",
                "segments add",
                "segments set",
                "segments del",
                "fdb",
                "fdb show",
                "fdb get",
                "fdb add",
                "fdb replace",
                "fdb del",
                "fdb flush",
                "fdb watch",
                "neigh",
                "neigh show",
                "neigh flush",
                "mtu",
                "reload",
                "down",
                "check",
                "stats",
                "key",
                "key gen",
                "key pub",
                "key psk",
                "version",
                "completion"
            })
    void shouldPrintTheHelpThatIsOnRecord(String verb) throws IOException {
        CtlRun run = CtlRun.of(temporary, (verb + " --help").strip().split(" "));
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
        String name = verb.isEmpty() ? "ovlctl" : "ovlctl-" + verb.replace(' ', '-');
        Golden.assertSame("help/" + name + ".txt", run.out());
    }

    @Test
    void shouldPrintTheCompletionScriptThatIsInstalled() throws IOException {
        CtlRun run = CtlRun.of(temporary, "completion", "bash");
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        Path installed = Path.of("../systemd/ovlctl.bash");
        if ("write".equals(System.getProperty("ovl.golden"))) {
            Files.writeString(installed, run.out());
        }
        assertThat(run.out()).isEqualTo(Files.readString(installed));
    }

    @Test
    void shouldPrintHelpInsteadOfDoingWhatTheRestSays() {
        CtlRun run = CtlRun.of(temporary, "peers", "del", "site-b", "-h");
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).startsWith("Usage: ovlctl peers del");
    }
}
