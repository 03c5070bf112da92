package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ethernet segments from a configuration file, and changed while they run. Neither host has a layer 3 interface.
 *
 * <pre>
 *  a 192.0.2.1 ---- 192.0.2.2 b      lan: 10.1.0.1, 10.1.0.2    lab: 10.2.0.1, 10.2.0.2
 * </pre>
 */
@NetnsTest
@OvlOnly
final class SegmentsIT {
    private static final int NO_SUCH_OBJECT = 4;
    private static final int CONFLICT = 5;
    private static final String STATIC_MAC = "02:00:00:00:00:99";

    private final Lab lab = new Lab();
    private final Side a = new Side("a", "192.0.2.1", 1);
    private final Side b = new Side("b", "192.0.2.2", 2);

    /** A host and its daemon. */
    private final class Side {
        final Host host;
        final String underlay;
        final int number;
        final String name = Tunnel.newName();
        final String lan = name + "l";
        final String lab = name + "m";
        final String key = Command.run("wg", "genkey");

        Side(String host, String underlay, int number) {
            this.host = SegmentsIT.this.lab.host(host);
            this.underlay = underlay;
            this.number = number;
        }

        String publicKey() {
            return Command.run("bash", "-c", "wg pubkey <" + SegmentsIT.this.lab.file(key + "\n"));
        }

        void start(Side other) {
            Path config = SegmentsIT.this.lab.file(name + ".conf", config(other));
            Command.run("chmod", "600", config.toString());
            host.run(Daemon.UNDER_TEST.program(), "--config", config.toString());
            host.ip("addr add 10.1.0." + number + "/24 dev " + lan);
            host.ip("addr add 10.2.0." + number + "/24 dev " + lab);
        }

        private String config(Side other) {
            return """
            [Interface]
            PrivateKey = %s
            ListenPort = 51820
            [Segment lan]
            VNI = 10
            Port = tap:%s
            [Segment lab]
            VNI = 30
            Port = tap:%s
            [Peer]
            Name = other
            PublicKey = %s
            Endpoint = %s:51820
            Segments = lan, lab
            """
                    .formatted(key, lan, lab, other.publicKey(), other.underlay);
        }

        Outcome ctl(String... arguments) {
            List<String> command = new ArrayList<>(List.of(Daemon.built("ovlctl"), "-i", name));
            command.addAll(List.of(arguments));
            return host.tryRun(command.toArray(String[]::new));
        }

        String mac(String device) {
            return host.run("cat", "/sys/class/net/" + device + "/address").strip();
        }
    }

    @BeforeEach
    void start() {
        lab.wire(a.host, "u0", b.host, "u0");
        a.host.ip("addr add 192.0.2.1/24 dev u0");
        b.host.ip("addr add 192.0.2.2/24 dev u0");
        a.start(b);
        b.start(a);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldCarryTwoSegmentsAndShowWhatItLearned() {
        assertThat(a.host.pings("10.1.0.2")).isTrue();
        assertThat(a.host.pings("10.2.0.2")).isTrue();
        String inLan = entry(b.mac(b.lan), 10, "lan");
        String inLab = entry(b.mac(b.lab), 30, "lab");
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    String fdb = a.ctl("-j", "fdb", "show").output();
                                    return fdb.startsWith("[{")
                                            && fdb.contains(inLan)
                                            && fdb.contains(inLab);
                                }))
                .isTrue();
        assertThat(a.ctl("segments", "list").output()).contains("lan ", "lab ", "1418", "other");
        assertThat(a.ctl("status").output()).contains("segment lan: vni 10");
        assertThat(a.ctl("mtu", "other").output()).contains("compact over 192.0.2.2:51820", "1418");
        assertThat(a.host.tryRun("ip", "link", "show", a.name).succeeded())
                .as("a layer 3 interface")
                .isFalse();
    }

    private static String entry(String mac, int vni, String segment) {
        return "\"mac\":\""
                + mac
                + "\",\"vni\":"
                + vni
                + ",\"segment\":\""
                + segment
                + "\",\"vlan\":null,\"kind\":\"peer\",\"port\":\"other\",\"state\":\"learned\"";
    }

    @Test
    void shouldRemoveAndAddASegmentWhileTheOtherGoesOn() {
        assertThat(a.host.pings("10.2.0.2")).isTrue();
        assertThat(a.ctl("segments", "del", "lab").exitCode()).isZero();
        assertThat(a.ctl("segments", "del", "lab").exitCode()).isEqualTo(NO_SUCH_OBJECT);
        assertThat(
                        Eventually.comesTrue(
                                () -> !a.host.tryRun("ip", "link", "show", a.lab).succeeded()))
                .isTrue();
        assertThat(a.ctl("fdb", "show").output()).doesNotContain("vni 30");
        assertThat(a.host.pings("10.1.0.2")).isTrue();
        Outcome added =
                a.ctl("segments", "add", "lab", "--vni=30", "--port=" + a.lab, "--mtu=1300");
        assertThat(added.output()).isEmpty();
        assertThat(a.ctl("segments", "add", "x", "--vni=30", "--port=x0").exitCode())
                .isEqualTo(CONFLICT);
        assertThat(a.ctl("peers", "set", "other", "--segments=+lab").output()).isEmpty();
        a.host.ip("addr add 10.2.0.1/24 dev " + a.lab);
        assertThat(a.host.pings("10.2.0.2")).isTrue();
        assertThat(a.host.run("ip", "-o", "link", "show", "dev", a.lab)).contains("mtu 1300");
    }

    @Test
    void shouldTakeStaticEntriesAndFlushLearnedOnes() {
        assertThat(a.host.pings("10.1.0.2")).isTrue();
        String[] add = {"fdb", "add", STATIC_MAC, "vni", "10", "peer", "other", "static"};
        assertThat(a.ctl(add).output()).isEmpty();
        assertThat(a.ctl(add).exitCode()).isEqualTo(CONFLICT);
        String onlyTheStatic = STATIC_MAC + " peer other vni 10 static";
        assertThat(a.ctl("fdb", "get", STATIC_MAC, "segment", "lan").output().strip())
                .isEqualTo(onlyTheStatic);
        assertThat(Eventually.comesTrue(() -> behindOther().contains(b.mac(b.lan)))).isTrue();
        // What was flushed is learned again when its host speaks, which it may do at any time.
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    assertThat(a.ctl("fdb", "flush", "vni", "10").exitCode())
                                            .isZero();
                                    return behindOther().equals(onlyTheStatic);
                                }))
                .as("only what is static is left")
                .isTrue();
        assertThat(a.ctl("fdb", "del", STATIC_MAC, "vni", "10").exitCode()).isZero();
        assertThat(a.ctl("fdb", "del", STATIC_MAC, "vni", "10").exitCode())
                .isEqualTo(NO_SUCH_OBJECT);
    }

    /** The entries of the first segment that lead to b. */
    private String behindOther() {
        return a.ctl("fdb", "show", "vni", "10", "peer", "other").output().strip();
    }

    @Test
    void shouldTellWatchersWhatIsLearned() throws IOException {
        Path seen = lab.file("seen", "");
        String mac = b.mac(b.lan);
        a.host.start(
                "bash",
                "-c",
                Daemon.built("ovlctl") + " -i " + a.name + " -j fdb watch vni 10 > " + seen);
        assertThat(
                        Eventually.comesTrue(
                                () -> {
                                    a.ctl("fdb", "flush");
                                    a.host.pings("10.1.0.2");
                                    return read(seen)
                                            .lines()
                                            .anyMatch(
                                                    line ->
                                                            line.contains("\"event\":\"learned\"")
                                                                    && line.contains(mac));
                                }))
                .isTrue();
        assertThat(Files.readString(seen)).doesNotContain("\"vni\":30");
    }

    @Test
    void shouldMakeATapAnewThatSomebodyDeleted() {
        a.host.ip("link del " + a.lan);
        assertThat(
                        Eventually.comesTrue(
                                () -> a.host.tryRun("ip", "link", "show", a.lan).succeeded()))
                .isTrue();
        a.host.ip("addr add 10.1.0.1/24 dev " + a.lan);
        assertThat(a.host.reaches("10.1.0.2")).isTrue();
        assertThat(a.host.pings("10.2.0.2")).isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
