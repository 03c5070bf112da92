package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What happens around a segment's TAP, of two queues on host a, and to its packets on the underlay.
 *
 * <pre>
 *  a 192.0.2.1 ---- 192.0.2.2 b      segment in the clear: 10.3.0.1, 10.3.0.2
 * </pre>
 */
@NetnsTest
@OvlOnly
final class SegmentDevicesIT {
    private static final int NO_SUCH_OBJECT = 4;
    private static final int CONFLICT = 5;

    private final Lab lab = new Lab();
    private final ConfiguredHost a = new ConfiguredHost(lab, "a", "OVL_WORKERS=2");
    private final ConfiguredHost b = new ConfiguredHost(lab, "b");
    private final String tapA = a.name + "t";
    private final String tapB = b.name + "t";

    @BeforeEach
    void wire() {
        lab.wire(a.host, "u0", b.host, "u0");
        a.host.ip("addr add 192.0.2.1/24 dev u0");
        b.host.ip("addr add 192.0.2.2/24 dev u0");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static String text(String lines, String port, int own, int other) {
        return """
        %s
        [Segment dmz]
        VNI = 20
        Port = tap:%s
        Encap = vxlan
        Local = 192.0.2.%d
        Remote = 192.0.2.%d
        """
                .formatted(lines, port, own, other);
    }

    private void start(String linesA, String more) {
        a.start(text(linesA, tapA + more, 1, 2));
        b.start(text("", tapB, 2, 1));
        b.host.ip("addr add 10.3.0.2/24 dev " + tapB);
    }

    @Test
    void shouldPutTheTapIntoItsBridge() {
        a.host.ip("link add br0 type bridge", "addr add 10.3.0.1/24 dev br0", "link set br0 up");
        start("", " bridge=br0");
        assertThat(a.host.run("ip", "-d", "-o", "link", "show", tapA))
                .contains("master br0", "multi_queue numqueues 2");
        assertThat(a.host.pings("10.3.0.2")).isTrue();
        a.host.ip("link del " + tapA);
        assertThat(a.host.reaches("10.3.0.2")).isTrue();
        assertThat(a.host.run("ip", "-o", "link", "show", tapA)).contains("master br0");
    }

    @Test
    void shouldSayWhichBridgeIsMissingAndLeaveNothingBehind() {
        Outcome outcome = a.tryStart(text("", tapA + " bridge=nowhere", 1, 2));
        assertThat(outcome.exitCode()).isEqualTo(NO_SUCH_OBJECT);
        assertThat(outcome.output()).contains(tapA, "bridge nowhere", "no such interface");
        assertThat(a.hasLink(tapA)).isFalse();
        assertThat(a.host.processIds()).isEmpty();
    }

    @Test
    void shouldSayWhatToDoWhenItsPortOrItsDeviceIsAnothers() {
        a.host.start("socat", "-u", "UDP6-RECV:4444,ipv6only=0", "STDOUT");
        assertThat(Eventually.comesTrue(() -> !a.host.run("ss", "-Hlun", "sport = 4444").isEmpty()))
                .isTrue();
        Outcome outcome = a.tryStart(text("[Interface]\nListenPort = 4444", tapA, 1, 2));
        assertThat(outcome.exitCode()).isEqualTo(CONFLICT);
        assertThat(outcome.output()).contains("port 4444", "ss -lunp", "choose another port");

        outcome = a.tryStart(text("", "u0", 1, 2));
        assertThat(outcome.exitCode()).isEqualTo(CONFLICT);
        assertThat(outcome.output()).contains("tap device u0", "choose another name");
        assertThat(a.host.processIds()).hasSize(1);
    }

    @Test
    void shouldWarnOfASegmentThatReachesNobody() {
        a.start(text("", tapA, 1, 2).replace("Remote = 192.0.2.2", ""));
        assertThat(
                        Eventually.comesTrue(
                                () ->
                                        a.log()
                                                .contains(
                                                        "[Segment dmz] has neither Remote nor"
                                                                + " Open")))
                .as(a.log())
                .isTrue();
    }

    /** On host a only marked packets find their way to host b. */
    @Test
    void shouldMarkWhatItSendsInTheClear() {
        a.host.ip(
                "rule add pref 10 fwmark 7 lookup main", "rule add pref 20 to 192.0.2.2 prohibit");
        start("FwMark = 7", "");
        a.host.ip("addr add 10.3.0.1/24 dev " + tapA);
        assertThat(a.host.pings("10.3.0.2")).isTrue();
        assertThat(a.reload(text("", tapA, 1, 2)).output()).isEmpty();
        assertThat(a.host.pingsInVain("10.3.0.2")).isTrue();
        assertThat(a.reload(text("FwMark = 7", tapA, 1, 2)).output()).isEmpty();
        assertThat(a.host.pings("10.3.0.2")).isTrue();
    }

    @Test
    void shouldGoOnWhenTheTapWasDownOrMovesToAnotherNamespace() {
        start("", "");
        a.host.ip("addr add 10.3.0.1/24 dev " + tapA);
        assertThat(a.host.pings("10.3.0.2")).isTrue();
        a.host.ip("link set " + tapA + " down");
        assertThat(b.host.pingsInVain("10.3.0.1")).isTrue();
        a.host.ip("link set " + tapA + " up");
        assertThat(a.host.reaches("10.3.0.2")).isTrue();

        Host guest = lab.host("g");
        a.host.ip("link set " + tapA + " netns " + guest.namespace());
        guest.ip("addr add 10.3.0.1/24 dev " + tapA, "link set " + tapA + " mtu 1300 up");
        assertThat(guest.reaches("10.3.0.2")).isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () -> a.ask("-j", "segments", "show", "dmz").contains("1300")))
                .isTrue();
        // Whoever deletes it there has it made anew where the daemon is.
        guest.ip("link del " + tapA);
        assertThat(Eventually.comesTrue(() -> a.hasLink(tapA))).isTrue();
        a.host.ip("addr add 10.3.0.1/24 dev " + tapA);
        assertThat(a.host.reaches("10.3.0.2")).isTrue();
    }

    @Test
    void shouldNotLeaveACommandBehindWhenItEndsMeanwhile() {
        b.write("PostUp = while :; do sleep 0.1; done\n[Segment lan]\nVNI = 1\nPort = tap:" + tapB);
        for (String signal : new String[] {"TERM", "KILL"}) {
            b.host.start(Daemon.UNDER_TEST.program(), "-f", "--config", b.config.toString());
            assertThat(Eventually.comesTrue(() -> commands().contains("while :"))).isTrue();
            b.host.processIds().stream()
                    .filter(id -> command(id).contains("ovld"))
                    .forEach(id -> Command.run("kill", "-" + signal, Long.toString(id)));
            assertThat(Eventually.comesTrue(() -> b.host.processIds().isEmpty())).isTrue();
        }
    }

    private String commands() {
        return String.join("\n", b.host.processIds().stream().map(this::command).toList());
    }

    private String command(long id) {
        return b.host.tryRun("cat", "/proc/" + id + "/cmdline").output();
    }
}
