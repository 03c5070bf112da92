package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A file with segments that is read again while they carry traffic, and one that is written back. Host a has two
 * workers.
 *
 * <pre>
 *  a 192.0.2.1 ---- 192.0.2.2 b      ip: 10.77.0.1, .2   lan: 10.1.0.1, .2   lab: 10.2.0.1, .2   dmz: 10.3.0.1, .2
 * </pre>
 */
@NetnsTest
@OvlOnly
final class SegmentReloadIT {
    private static final int INVALID_CONFIG = 6;

    private final Lab lab = new Lab();
    private final Side a = new Side("a", 1, "OVL_WORKERS=2");
    private final Side b = new Side("b", 2);

    /** A host, and what goes into its file. */
    private final class Side {
        final ConfiguredHost at;
        final int number;

        Side(String name, int number, String... environment) {
            at = new ConfiguredHost(lab, name, environment);
            this.number = number;
        }

        String tap(String segment) {
            return at.name + segment.substring(2);
        }

        String lan(String more) {
            return "[Segment lan]\nVNI = 10\nPort = tap:" + tap("lan") + "\n" + more;
        }

        String lab(int vni) {
            return "[Segment lab]\nVNI = " + vni + "\nPort = tap:" + tap("lab") + "\n";
        }

        String dmz(Side other) {
            return """
            [Segment dmz]
            VNI = 20
            Port = tap:%s
            Encap = vxlan
            Local = 192.0.2.%d
            Remote = 192.0.2.%d
            """
                    .formatted(tap("dmz"), number, other.number);
        }

        String text(String interfaceLines, Side other, String peerLines, String... segments) {
            return """
            ListenPort = 51820
            Address = 10.77.0.%d/24
            %s
            %s
            [Peer]
            Name = other
            PublicKey = %s
            Endpoint = 192.0.2.%d:51820
            AllowedIPs = 10.77.0.%d/32
            %s
            """
                    .formatted(
                            number,
                            interfaceLines,
                            String.join("", segments),
                            other.at.publicKey,
                            other.number,
                            other.number,
                            peerLines);
        }

        void address(String segment, int subnet) {
            at.host.ip("addr add 10." + subnet + ".0." + number + "/24 dev " + tap(segment));
        }

        void reload(String text) {
            assertThat(at.reload(text)).isEqualTo(new Outcome(0, ""));
        }
    }

    @BeforeEach
    void wire() {
        lab.wire(a.at.host, "u0", b.at.host, "u0");
        a.at.host.ip("addr add 192.0.2.1/24 dev u0");
        b.at.host.ip("addr add 192.0.2.2/24 dev u0");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void start() {
        start(a, b);
        start(b, a);
        assertThat(a.at.host.pings("10.1.0.2")).isTrue();
        assertThat(a.at.host.pings("10.77.0.2")).isTrue();
    }

    private static void start(Side side, Side other) {
        side.at.start(side.text("", other, "Segments = lan", side.lan("")));
        side.address("lan", 1);
    }

    @Test
    void shouldAddChangeAndRemoveSegmentsWithoutTouchingTheOthers() {
        start();
        String handshakes = a.at.host.run("wg", "show", a.at.name, "latest-handshakes");
        try (Pings inLan = Pings.start(a.at.host, "10.1.0.2", 0.05);
                Pings inTunnel = Pings.start(a.at.host, "10.77.0.2", 0.05)) {
            addChangeAndRemove();
            assertThat(inLan.lostUntilNow()).isZero();
            assertThat(inTunnel.lostUntilNow()).isZero();
        }
        assertThat(a.at.host.run("wg", "show", a.at.name, "latest-handshakes"))
                .isEqualTo(handshakes);
    }

    private void addChangeAndRemove() {
        String both = "Segments = lan, lab";
        a.reload(a.text("", b, both, a.lan(""), a.lab(30), a.dmz(b)));
        b.reload(b.text("", a, both, b.lan(""), b.lab(30), b.dmz(a)));
        a.address("lab", 2);
        b.address("lab", 2);
        a.address("dmz", 3);
        b.address("dmz", 3);
        assertThat(a.at.host.pings("10.2.0.2")).isTrue();
        assertThat(a.at.host.pings("10.3.0.2")).isTrue();

        // Another VNI at one end only; settings of one that stays; the peer takes part in one less.
        a.reload(a.text("", b, both, a.lan("Ageing = 77s\n"), a.lab(31), a.dmz(b)));
        assertThat(a.at.ask("segments", "show", "lan")).contains("77");
        assertThat(a.at.host.pingsInVain("10.2.0.2")).isTrue();
        b.reload(b.text("", a, both, b.lan(""), b.lab(31), b.dmz(a)));
        assertThat(a.at.host.pings("10.2.0.2")).isTrue();
        a.reload(a.text("", b, "Segments = lan", a.lan(""), a.lab(31), a.dmz(b)));
        assertThat(a.at.host.pingsInVain("10.2.0.2")).isTrue();
        assertThat(a.at.host.pings("10.3.0.2")).isTrue();

        a.reload(a.text("", b, "Segments = lan", a.lan("")));
        assertThat(Eventually.comesTrue(() -> !a.at.hasLink(a.tap("lab")))).isTrue();
        assertThat(Eventually.comesTrue(() -> !a.at.hasLink(a.tap("dmz")))).isTrue();
        assertThat(a.at.ask("fdb", "show")).contains("vni 10").doesNotContain("vni 20", "vni 31");
    }

    @Test
    void shouldChangeHowAPeerTakesFrames() {
        start();
        assertThat(a.at.ask("mtu", "other")).contains("compact over");
        a.reload(a.text("", b, "Segments = lan\nVtep = 10.77.0.2", a.lan("")));
        b.reload(b.text("", a, "Segments = lan\nVtep = 10.77.0.1", b.lan("")));
        assertThat(a.at.ask("mtu", "other")).contains("standard over");
        assertThat(a.at.host.pings("10.1.0.2")).isTrue();
        a.reload(a.text("", b, "Segments = lan", a.lan("")));
        b.reload(b.text("", a, "Segments = lan", b.lan("")));
        assertThat(a.at.ask("mtu", "other")).contains("compact over");
        assertThat(a.at.host.pings("10.1.0.2")).isTrue();
    }

    @Test
    void shouldChangeNothingAndNameTheLineWhenItRefusesAFile() {
        start();
        // Its own TAP's address a host does not learn.
        String mac = b.at.host.run("cat", "/sys/class/net/" + b.tap("lan") + "/address");
        assertThat(Eventually.comesTrue(() -> a.at.ask("fdb", "show").contains(mac))).isTrue();
        String before = a.at.ask("-j", "segments", "list");
        String entries = a.at.ask("fdb", "show");

        String wrong = a.text("", b, "Segments = lan", a.lan("MTU = 1300\n"), a.lab(1 << 24));
        Outcome refused = a.at.reload(wrong);
        assertThat(refused.exitCode()).isEqualTo(INVALID_CONFIG);
        long line = wrong.substring(0, wrong.indexOf("VNI = 16777216")).lines().count() + 3;
        assertThat(refused.output()).contains(a.at.config + ":" + line + ":7: VNI", "16777215");
        assertThat(a.at.ctl("check", a.at.config.toString()).output()).isEqualTo(refused.output());

        // Without anybody who waits for the outcome, the log says it.
        String log = a.at.log();
        a.at.signal("HUP");
        assertThat(
                        Eventually.comesTrue(
                                () -> a.at.log().substring(log.length()).contains("not reloaded")))
                .as("%s, which runs as %s", a.at.log(), a.at.host.processIds())
                .isTrue();
        assertThat(a.at.log().substring(log.length())).contains(a.at.config + ":" + line);

        // Known only once everything else has been prepared.
        String withoutBridge =
                a.text(
                        "",
                        b,
                        "Segments = lan, lab",
                        a.lan("MTU = 1300\n"),
                        a.lab(30).stripTrailing() + " bridge=nowhere\n");
        Outcome noBridge = a.at.reload(withoutBridge);
        assertThat(noBridge.succeeded()).isFalse();
        line = withoutBridge.substring(0, withoutBridge.indexOf("bridge=")).lines().count() + 2;
        assertThat(noBridge.output())
                .startsWith("error[E224] " + a.at.config + ":" + line + ":8: Port:");
        assertThat(noBridge.output()).contains(a.tap("lab"), "bridge nowhere", "no such interface");

        assertThat(a.at.ask("-j", "segments", "list")).isEqualTo(before);
        assertThat(a.at.ask("fdb", "show")).isEqualTo(entries);
        assertThat(a.at.hasLink(a.tap("lab"))).isFalse();
        assertThat(a.at.host.run("ip", "-o", "link", "show", a.tap("lan"))).contains("mtu 1418");
        assertThat(a.at.host.pings("10.1.0.2")).isTrue();
    }

    @Test
    void shouldSaveWhatOvlctlChangedAndComeBackTheSame() {
        String saves = "SaveConfig = true";
        a.at.start(a.text(saves, b, "Segments = lan", a.lan(""), a.dmz(b)));
        a.at.ask("segments", "add", "lab", "--vni=30", "--port=" + a.tap("lab"), "--mtu=1300");
        a.at.ask("segments", "set", "lan", "--ageing=off", "--max-macs=17");
        a.at.ask("segments", "del", "dmz");
        a.at.ask("peers", "set", "other", "--segments=+lab");
        String segments = a.at.ask("-j", "segments", "list");
        String peers = a.at.ask("-j", "peers", "list");
        assertThat(segments).contains("\"lab\"", "1300", "17").doesNotContain("dmz");

        a.at.stop();
        assertThat(a.at.log()).isEmpty();
        a.at.start();
        assertThat(a.at.ask("-j", "segments", "list")).isEqualTo(segments);
        assertThat(a.at.ask("-j", "peers", "list")).isEqualTo(peers);
    }
}
