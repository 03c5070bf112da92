package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What {@code systemd/install.sh} puts below a folder, and what it leaves there. */
final class InstallIT {
    private static final Path SCRIPT = Path.of("../systemd/install.sh");

    @TempDir private Path root;

    @Test
    void shouldInstallAUnitWhoseProgramsAreThere() throws IOException {
        install("/usr/local");
        String unit = Files.readString(root.resolve("usr/local/lib/systemd/system/ovld@.service"));
        for (String key : List.of("ExecStart=", "ExecReload=")) {
            String line = unit.lines().filter(it -> it.startsWith(key)).findFirst().orElseThrow();
            String program = line.substring(key.length()).split(" ", 2)[0];
            assertThat(root.resolve(program.substring(1))).isExecutable();
        }
    }

    @Test
    void shouldInstallProgramsThatStartThroughTheirLinks() {
        install("/usr/local");
        assertThat(Command.run(root + "/usr/local/bin/ovlctl", "version")).startsWith("ovlctl ");
        assertThat(Command.run(root + "/usr/local/sbin/ovld", "--version")).startsWith("ovld ");
    }

    @Test
    void shouldPutUnitsIntoEtcForAPrefixThatSystemdDoesNotKnow() {
        install("/opt/ovl");
        assertThat(root.resolve("etc/systemd/system/ovld@.service"))
                .content()
                .contains("ExecStart=/opt/ovl/lib/ovl/bin/ovld ");
    }

    @Test
    void shouldLeaveTheSameFilesWhenRunAgain() throws IOException {
        install("/usr");
        List<Path> first = files();
        install("/usr");
        assertThat(files()).isEqualTo(first);
    }

    @Test
    void shouldKeepConfigurationsWhenItUninstalls() throws IOException {
        Path config = root.resolve("etc/ovl/site-a.conf");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "[Interface]\n");
        install("/usr/local");
        install("/usr/local", "--uninstall");
        assertThat(files()).containsExactly(config);
        assertThat(config).hasContent("[Interface]\n");
    }

    @Test
    void shouldRefuseAPrefixThatAUnitCannotName() {
        Command.Outcome outcome = tryInstall("/opt/a b");
        assertThat(outcome.succeeded()).isFalse();
        assertThat(outcome.output()).contains("PREFIX");
    }

    private void install(String prefix, String... arguments) {
        Command.Outcome outcome = tryInstall(prefix, arguments);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    private Command.Outcome tryInstall(String prefix, String... arguments) {
        return Command.tryRun(
                Map.of("DESTDIR", root.toString(), "PREFIX", prefix),
                Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments)).toList());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
        }
    }
}
