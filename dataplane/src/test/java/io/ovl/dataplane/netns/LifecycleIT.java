package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.ctl.ExitCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * What the daemon owes its surroundings: how it starts, ends, and goes on while its interface is pushed about; topology
 * in {@link TunnelPair}.
 */
@NetnsTest
final class LifecycleIT {
    private static final long END_LIMIT_MS = 30_000;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void shouldEndCleanlyOnSignal(String signal) {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.tunnelA.signal(signal);
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();
            assertThat(
                            Eventually.comesTrue(
                                    () ->
                                            !pair.a
                                                    .tryRun(
                                                            "ip",
                                                            "link",
                                                            "show",
                                                            pair.tunnelA.name())
                                                    .succeeded()))
                    .isTrue();
        }
    }

    @Test
    void shouldEndWhenTheInterfaceIsDeleted() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            pair.a.ip("link del " + pair.tunnelA.name());
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();
        }
    }

    @Test
    void shouldEndWhenTheInterfaceIsDeletedUnderLoad() {
        try (TunnelPair pair = new TunnelPair()) {
            pair.a.start("ping", "-n", "-q", "-i", "0.001", "-s", "1000", TunnelPair.OVERLAY_B);
            pair.b.start("ping", "-n", "-q", "-i", "0.001", "-s", "1000", TunnelPair.OVERLAY_A);
            Eventually.pause(300);
            pair.a.ip("link del " + pair.tunnelA.name());
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();
        }
    }

    @Test
    void shouldEndWhenTheSocketFileIsDeleted() throws IOException {
        try (TunnelPair pair = new TunnelPair()) {
            Files.delete(Tunnel.socket(pair.tunnelA.name()));
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();
        }
    }

    @Test
    void shouldKeepTheSocketForRootAlone() throws IOException {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(
                                            Tunnel.socket(pair.tunnelA.name()))))
                    .startsWith("rw")
                    .endsWith("------");
        }
    }

    @Test
    void shouldRefuseANameThatIsTaken() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.tryRun(Daemon.UNDER_TEST.program(), pair.tunnelA.name()).succeeded())
                    .isFalse();
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        }
    }

    @OvlOnly
    @Test
    void shouldExitWithTheReasonInTheForegroundToo() {
        try (TunnelPair pair = new TunnelPair()) {
            String program = Daemon.UNDER_TEST.program();
            assertThat(pair.a.tryRun(program, pair.tunnelA.name()).exitCode())
                    .isEqualTo(ExitCode.CONFLICT);
            assertThat(pair.a.tryRun(program, "--foreground", pair.tunnelA.name()).exitCode())
                    .isEqualTo(ExitCode.CONFLICT);
        }
    }

    @OvlOnly
    @ParameterizedTest
    @ValueSource(strings = {"../escape", "sixteen-bytes-xx", "with space", "."})
    void shouldRefuseWhatIsNoInterfaceName(String name) {
        try (Lab lab = new Lab()) {
            Host host = lab.host("a");
            assertThat(host.tryRun(Daemon.UNDER_TEST.program(), name).succeeded()).isFalse();
            assertThat(host.processIds()).isEmpty();
        }
    }

    /** Where temporary files may not be executed, a library that is written to one cannot be loaded. */
    @OvlOnly
    @Test
    void shouldStartWhereNoTemporaryFileCanBeWritten() {
        try (Lab lab = new Lab()) {
            Host host = lab.host("a");
            String name = Tunnel.newName();
            host.run(
                    Map.of("OVL_JAVA_OPTS", "-Djava.io.tmpdir=/proc"),
                    Daemon.UNDER_TEST.program(),
                    name);
            assertThat(host.run("wg", "show", name, "peers")).isEmpty();
            host.ip("link del " + name);
        }
    }

    @OvlOnly
    @Test
    void shouldStartFromAFolderWithASpaceInItsName(@TempDir Path temporary) {
        Path home = Path.of(Daemon.built("ovld")).resolve("../..").normalize();
        String copy = temporary.resolve("an ovl").toString();
        try (Lab lab = new Lab()) {
            Host host = lab.host("a");
            String name = Tunnel.newName();
            host.run("cp", "-a", home.toString(), copy);
            host.run(copy + "/bin/ovld", name);
            assertThat(host.run("wg", "show", name, "peers")).isEmpty();
            host.ip("link del " + name);
        }
    }

    @Test
    void shouldStartAgainAfterBeingKilled() {
        try (TunnelPair pair = new TunnelPair()) {
            pair.tunnelA.signal("KILL");
            assertThat(
                            Eventually.within(
                                    END_LIMIT_MS,
                                    () ->
                                            !pair.a
                                                    .tryRun(
                                                            "ip",
                                                            "link",
                                                            "show",
                                                            pair.tunnelA.name())
                                                    .succeeded()))
                    .isTrue();
            assertThat(Tunnel.socket(pair.tunnelA.name())).exists();
            pair.a.run(Daemon.UNDER_TEST.program(), pair.tunnelA.name());
            assertThat(pair.tunnelA.show("peers")).isEmpty();
        }
    }

    @Test
    void shouldBeHeardAgainAtOnceAfterARestart() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            String config = pair.a.run("wg", "showconf", pair.tunnelA.name());
            pair.tunnelA.signal("TERM");
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();

            pair.a.run(Daemon.UNDER_TEST.program(), pair.tunnelA.name());
            pair.a.run(
                    "wg", "setconf", pair.tunnelA.name(), pair.lab.file(config + "\n").toString());
            pair.tunnelA.up(TunnelPair.OVERLAY_A + "/24");
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
        }
    }

    @Test
    void shouldResumeAfterDownAndUp() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            for (int cycle = 0; cycle < 5; cycle++) {
                pair.a.ip("link set " + pair.tunnelA.name() + " down");
                assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B)).isTrue();
                pair.a.ip("link set " + pair.tunnelA.name() + " up");
                assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            }
        }
    }

    @Test
    void shouldFollowItsInterfaceIntoAnotherNamespaceAndKeepTheSocketBehind() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
            Host inner = pair.lab.host("inner");
            pair.a.ip("link set " + pair.tunnelA.name() + " netns " + inner.namespace());
            inner.ip(
                    "addr add " + TunnelPair.OVERLAY_A + "/24 dev " + pair.tunnelA.name(),
                    "link set " + pair.tunnelA.name() + " up");
            assertThat(inner.pings(TunnelPair.OVERLAY_B)).isTrue();
            assertThat(pair.b.pings(TunnelPair.OVERLAY_A)).isTrue();
            assertThat(pair.a.run("ss", "-Hlun", "sport = 51820")).isNotEmpty();

            inner.ip("link del " + pair.tunnelA.name());
            assertThat(pair.tunnelA.endsWithin(END_LIMIT_MS)).isTrue();
        }
    }

    @Test
    void shouldFollowAChangeOfTheMtu() {
        try (TunnelPair pair = new TunnelPair()) {
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, 1_392)).isTrue();
            for (Tunnel tunnel : new Tunnel[] {pair.tunnelA, pair.tunnelB}) {
                tunnel.host()
                        .ip("link set wire0 mtu 1600", "link set " + tunnel.name() + " mtu 1500");
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, 1_472)).isTrue();
            for (Tunnel tunnel : new Tunnel[] {pair.tunnelA, pair.tunnelB}) {
                tunnel.host().ip("link set " + tunnel.name() + " mtu 1280");
            }
            assertThat(pair.a.pings(TunnelPair.OVERLAY_B, 1_252)).isTrue();
            assertThat(pair.a.pingsInVain(TunnelPair.OVERLAY_B, 1_392)).isTrue();
        }
    }
}
