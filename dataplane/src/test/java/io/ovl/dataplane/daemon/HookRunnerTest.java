package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

class HookRunnerTest {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final AtomicBoolean isStopped = new AtomicBoolean();
    private final HookRunner hooks =
            new HookRunner(
                    "ovl7",
                    new DaemonLog(
                            DaemonLog.Level.VERBOSE,
                            new PrintStream(said, true, StandardCharsets.UTF_8)),
                    isStopped::get);

    @TempDir private Path folder;

    @Test
    void shouldRunInOrderWithTheInterfacesName() throws Exception {
        Path file = folder.resolve("out");
        hooks.run(
                "PostUp", List.of("echo %i >" + file, "for i in 1 2; do echo $i; done >>" + file));
        assertThat(Files.readString(file)).isEqualTo("ovl7\n1\n2\n");
    }

    @Test
    void shouldEndAtTheFirstThatFailsAndSayItsLastWords() throws IOException {
        Path file = folder.resolve("out");
        assertThatThrownBy(() -> hooks.run("PreUp", List.of("false | true", "touch " + file)))
                .hasMessage("PreUp: false | true: exit 1");
        assertThatThrownBy(() -> hooks.run("PreUp", List.of("echo no such luck >&2; exit 3; :")))
                .hasMessageEndingWith(": exit 3: no such luck");
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldGoOnBehindAFailureOnTheWayDown() throws Exception {
        Path file = folder.resolve("out");
        hooks.runAll("PostDown", List.of("false", "touch " + file));
        assertThat(file).exists();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("<3>ovld: PostDown: false: exit 1");
    }

    /** It may leave something running that holds its output open. */
    @Test
    void shouldNotWaitForWhatACommandLeavesInTheBackground() throws Exception {
        Path file = Files.createFile(folder.resolve("out"));
        hooks.run("PostUp", List.of("{ while [ -e " + file + " ]; do sleep 0.05; done; } &"));
        assertThat(file).exists();
    }

    @Test
    void shouldGiveUpOnTheWayUpWhenTheDaemonIsToEnd() throws Exception {
        isStopped.set(true);
        Path file = folder.resolve("out");
        assertThatThrownBy(() -> hooks.run("PostUp", List.of("while :; do sleep 3000; done")))
                .hasMessageEndingWith("given up, since the daemon is to end");
        hooks.runAll("PreDown", List.of("sleep 0.2; touch " + file));
        assertThat(file).exists();
    }
}
