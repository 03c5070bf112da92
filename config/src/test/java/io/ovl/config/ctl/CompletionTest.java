package io.ovl.config.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The completion script, as bash runs it, with a program in {@code ovlctl}'s place that answers as a daemon with two
 * peers does.
 */
class CompletionTest {
    @TempDir Path temporary;

    @BeforeEach
    void writeProgram() throws IOException {
        Files.writeString(
                temporary.resolve("ovlctl"),
                """
                #!/bin/bash
                echo "$*" >>$(dirname $0)/asked
                case "$*" in
                  *" peers list") echo '{"v":1,"peers":[{"name":"site-b","segments":["x"]},{"name":null},{"name":"site-c"}]}' ;;
                  "show interfaces") echo 'ovl0 ovl1' ;;
                  *" segments list") echo '{"v":1,"segments":[{"name":"lan","vni":10},{"name":"lab","vni":30}]}' ;;
                esac
                """);
        assertThat(temporary.resolve("ovlctl").toFile().setExecutable(true)).isTrue();
        Files.writeString(
                temporary.resolve("script"), CtlRun.of(temporary, "completion", "bash").out());
    }

    /** What is offered for the last of the words. */
    private List<String> completions(String... words) throws IOException, InterruptedException {
        String line = String.join(" ", words);
        String program =
                "source ./script; COMP_WORDS=(./ovlctl "
                        + line
                        + (line.endsWith(" ") ? " ''" : "")
                        + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " COMP_LINE=\"${COMP_WORDS[*]}\"; _complete_ovlctl_names 2>/dev/null;"
                        + " printf '%s\\n"
                        + "' \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", program).directory(temporary.toFile()).start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return output.lines().filter(text -> !text.isEmpty()).toList();
    }

    @Test
    void shouldStillOfferVerbsAndOptions() throws Exception {
        assertThat(completions("pe")).containsExactly("peers");
        assertThat(completions("peers", "set", "site-b", "--all")).containsExactly("--allowed-ips");
        assertThat(temporary.resolve("asked")).doesNotExist();
    }

    @Test
    void shouldAskTheDaemonForPeersAndSegments() throws Exception {
        assertThat(completions("peers", "set ")).containsExactly("site-b", "site-c");
        assertThat(completions("mtu", "site-c")).containsExactly("site-c");
        assertThat(completions("fdb", "show", "peer", "s")).containsExactly("site-b", "site-c");
        assertThat(completions("segments", "del ")).containsExactly("lan", "lab", "10", "30");
        assertThat(completions("vni", "show", "3")).containsExactly("30");
        assertThat(completions("fdb", "flush", "vni ")).containsExactly("10", "30");
        assertThat(completions("neigh", "show", "segment", "la")).containsExactly("lan", "lab");
        assertThat(completions("peers", "set", "site-b", "--segments ")).contains("lan", "lab");
    }

    @Test
    void shouldOfferTheInterfacesWhoseDaemonsHaveNotDied() throws Exception {
        assertThat(completions("show ")).contains("ovl0", "ovl1");
        assertThat(completions("-i", "ovl")).containsExactly("ovl0", "ovl1");
        assertThat(Files.readString(temporary.resolve("asked")))
                .isEqualTo("show interfaces\nshow interfaces\n");
    }

    @Test
    void shouldAskTheDaemonThatIsNamed() throws Exception {
        completions("-i", "ovl1", "peers", "del ");
        assertThat(Files.readString(temporary.resolve("asked")))
                .isEqualTo("-i ovl1 --timeout 1s -j peers list\n");
    }
}
