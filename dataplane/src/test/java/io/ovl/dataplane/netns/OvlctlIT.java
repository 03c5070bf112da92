package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code ovlctl} against running daemons: both hosts' control sockets lie in one folder, so each call names its
 * interface.
 */
@NetnsTest
@OvlOnly
final class OvlctlIT {
    private static final int UNREACHABLE = 3;
    private static final int NO_SUCH_OBJECT = 4;
    private static final int CONFLICT = 5;

    private final TunnelPair pair = new TunnelPair();

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void shouldShowWhatWgShows() {
        assertThat(pair.a.pings(TunnelPair.OVERLAY_B)).isTrue();
        for (String field :
                List.of("peers", "endpoints", "allowed-ips", "latest-handshakes", "listen-port")) {
            assertThat(ovlctl("show", pair.tunnelA.name(), field).output().strip())
                    .as(field)
                    .isEqualTo(pair.tunnelA.show(field));
        }
    }

    @Test
    void shouldSayWhatTheDaemonUses() {
        String status = ovlctl("-j", "status", pair.tunnelA.name()).output();
        assertThat(status).contains("\"v\":1", "\"listenPort\":51820", "\"aead\":\"");
        assertThat(ovlctl("status", "--check", "live", pair.tunnelA.name()).exitCode()).isZero();
    }

    @Test
    void shouldCountDropsByReason() {
        assertThat(pair.a.pingsInVain("10.77.0.3")).isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () ->
                                        ovlctl("stats", "--drops", pair.tunnelA.name())
                                                .output()
                                                .contains("NO_PEER")))
                .isTrue();
    }

    @Test
    void shouldAddChangeAndRemoveAPeer() {
        String key = Command.run("bash", "-c", "wg genkey | wg pubkey");
        String name = pair.tunnelA.name();
        assertThat(
                        ovlctl(
                                        "-i",
                                        name,
                                        "peers",
                                        "add",
                                        key,
                                        "--endpoint=192.0.2.9:1",
                                        "--allowed-ips=10.9.0.0/16")
                                .output())
                .isEmpty();
        assertThat(pair.tunnelA.show("allowed-ips")).contains(key + "\t10.9.0.0/16");
        assertThat(ovlctl("-i", name, "peers", "add", key).exitCode()).isEqualTo(CONFLICT);
        assertThat(ovlctl("-i", name, "peers", "set", key, "--keepalive=25").exitCode()).isZero();
        assertThat(pair.tunnelA.show("persistent-keepalive")).contains(key + "\t25");
        assertThat(ovlctl("-i", name, "peers", "del", key).exitCode()).isZero();
        assertThat(pair.tunnelA.show("peers")).isEqualTo(pair.tunnelB.publicKey());
        assertThat(ovlctl("-i", name, "peers", "del", key).exitCode()).isEqualTo(NO_SUCH_OBJECT);
    }

    @Test
    void shouldSayWhenNoDaemonAnswers() {
        assertThat(ovlctl("status", Tunnel.newName()).exitCode()).isEqualTo(UNREACHABLE);
    }

    private Outcome ovlctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Daemon.built("ovlctl")));
        command.addAll(List.of(arguments));
        return pair.a.tryRun(command.toArray(String[]::new));
    }
}
