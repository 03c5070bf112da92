package io.ovl.dataplane.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.ctl.ExitCode;
import io.ovl.dataplane.netns.Command.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A daemon that sets its interface up by itself, from a file in wg-quick's format; it runs on host a of
 * {@link TunnelPair}, and its peer is the tunnel of host b.
 */
@NetnsTest
@OvlOnly
final class ConfigFileIT {
    private static final int INVALID_CONFIG = 6;
    private static final String ADDRESS = "10.78.0.1";

    private final TunnelPair pair = new TunnelPair();
    private final String name = Tunnel.newName();
    private final String privateKey = Command.run("wg", "genkey");
    private List<Long> daemon = List.of();

    @AfterEach
    void closePair() {
        pair.close();
    }

    @Test
    void shouldSetUpAddressesMtuAndRoutes() {
        up("MTU = 1400");

        assertThat(pings()).isTrue();
        assertThat(pair.a.run("ip", "-o", "addr", "show", "dev", name))
                .contains("10.78.0.1/24", "fd78::1/64");
        assertThat(pair.a.run("ip", "-o", "link", "show", "dev", name)).contains("mtu 1400");
        assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).contains(name);
        assertThat(pair.a.run("ip", "route", "show", TunnelPair.OVERLAY_B)).contains(name);
        assertThat(status()).contains("\"mtu\":1400");

        pair.a.ip("link set " + name + " mtu 1300");
        assertThat(Eventually.comesTrue(() -> status().contains("\"mtu\":1300"))).isTrue();
    }

    @Test
    void shouldLeadEverythingThroughAFullTunnelAndTakeItBackAtTheEnd() {
        String rules = pair.a.run("ip", "rule", "show") + pair.a.run("ip", "-6", "rule", "show");
        up("", "0.0.0.0/0, ::/0");

        assertThat(pair.a.run("ip", "route", "get", "203.0.113.9")).contains("dev " + name);
        assertThat(pair.a.run("wg", "show", name, "fwmark")).startsWith("0xca6");
        // The host's own solicitations may have begun a handshake before host b knew of this one.
        assertThat(Eventually.comesTrue(this::pings)).isTrue();
        stop();
        assertThat(pair.a.run("ip", "rule", "show") + pair.a.run("ip", "-6", "rule", "show"))
                .isEqualTo(rules);
        assertThat(pair.a.tryRun("ip", "link", "show", name).succeeded()).isFalse();
    }

    @Test
    void shouldRunCommandsInTheirOrder() throws IOException {
        Path said = pair.lab.file("said", "");
        up(
                """
                PreUp = ip link show %%i >/dev/null 2>&1 || echo preup >>%1$s
                PostUp = wg show %%i listen-port >>%1$s; ip route show 10.99.0.0/16 >>%1$s
                PostUp = echo second; echo postup >>%1$s
                PreDown = wg show %%i listen-port >>%1$s
                PostDown = ip link show %%i >/dev/null 2>&1 || echo postdown >>%1$s
                """
                        .formatted(said));
        assertThat(Files.readAllLines(said))
                .containsExactly(
                        "preup", "51900", "10.99.0.0/16 dev " + name + " scope link ", "postup");
        stop();
        assertThat(Files.readAllLines(said)).endsWith("postup", "51900", "postdown");
    }

    @Test
    void shouldUndoEverythingWhenACommandFails() {
        Outcome outcome = tryUp("PostUp = echo no luck; exit 3", "10.99.0.0/16");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).contains("PostUp", "exit 3: no luck");
        assertThatNothingIsLeft();
    }

    @Test
    void shouldNameTheLineThatIsWrongAndLeaveNothingBehind() {
        Path config = pair.lab.file(name + ".conf", "[Interface]\nListenPort = 99999\n");
        Outcome outcome = tryUp(config);
        assertThat(outcome.exitCode()).isEqualTo(INVALID_CONFIG);
        assertThat(outcome.output()).contains(config + ":2", "ListenPort", "99999", "65535");
        assertThatNothingIsLeft();
    }

    @Test
    void shouldAddAndRemovePeersOnReloadAndKeepTheOthersSession() {
        Path config = up("");
        assertThat(pings()).isTrue();
        String other = Command.run("bash", "-c", "wg genkey | wg pubkey");
        String handshake = pair.a.run("wg", "show", name, "latest-handshakes");
        String transfer = pair.a.run("wg", "show", name, "transfer");
        Eventually.pause(1_100);

        String text = text("MTU = 1380", "10.99.0.0/16");
        reload(config, text + "[Peer]\nPublicKey = " + other + "\nAllowedIPs = 10.98.0.0/16\n");
        assertThat(
                        Eventually.comesTrue(
                                () -> pair.a.run("wg", "show", name, "peers").contains(other)))
                .isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () ->
                                        route("10.98.0.0/16").contains(name)
                                                && pair.a
                                                        .run("ip", "-o", "link", "show", name)
                                                        .contains("mtu 1380")))
                .isTrue();
        assertThat(pings()).isTrue();
        assertThat(pair.a.run("wg", "show", name, "latest-handshakes")).contains(handshake);

        reload(config, text);
        assertThat(
                        Eventually.comesTrue(
                                () -> !pair.a.run("wg", "show", name, "peers").contains(other)))
                .isTrue();
        assertThat(Eventually.comesTrue(() -> route("10.98.0.0/16").isEmpty())).isTrue();
        assertThat(pings()).isTrue();
        assertThat(pair.a.run("wg", "show", name, "latest-handshakes")).isEqualTo(handshake);
        assertThat(pair.a.run("wg", "show", name, "transfer")).isNotEqualTo(transfer);
    }

    @Test
    void shouldChangeNothingOnABadReload() {
        Path config = up("");
        assertThat(pings()).isTrue();
        String before = pair.a.run("wg", "showconf", name);

        refuse(config, text("MTU = 1380", "10.98.0.0/16") + "Endpoint = nowhere\n");
        assertThat(pair.a.run("wg", "showconf", name)).isEqualTo(before);
        assertThat(pings()).isTrue();

        // The port is another's: known only once everything else has been changed.
        pair.a.start("socat", "-u", "UDP4-LISTEN:4444", "STDOUT");
        assertThat(Eventually.comesTrue(() -> !pair.a.run("ss", "-Hlun", "sport = 4444").isEmpty()))
                .isTrue();
        refuse(config, text("MTU = 1380", "10.98.0.0/16").replace("51900", "4444"));
        assertThat(pair.a.run("wg", "showconf", name)).isEqualTo(before);
        assertThat(pair.a.run("ip", "route", "show", "10.98.0.0/16")).isEmpty();
        assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).contains(name);
        assertThat(pings()).isTrue();
    }

    @Test
    void shouldSaveWhatChangedAtRunTimeWhenToldSo() throws IOException {
        Path config = up("SaveConfig = true");
        String other = Command.run("bash", "-c", "wg genkey | wg pubkey");
        pair.a.run("wg", "set", name, "peer", other, "allowed-ips", "10.98.0.0/16");
        stop();
        assertThat(Files.readString(config))
                .contains(
                        "PrivateKey = " + privateKey,
                        "Address = 10.78.0.1/24, fd78::1/64",
                        "SaveConfig = true",
                        "PublicKey = " + other,
                        "AllowedIPs = 10.98.0.0/16");
        assertThat(tryUp(config).succeeded()).isTrue();
    }

    @Test
    void shouldNotWaitForANameAndAskForItAgain() throws IOException {
        Path etc = Files.createDirectories(Path.of("/etc/netns", pair.a.namespace()));
        Path hosts = etc.resolve("hosts");
        try {
            Files.writeString(hosts, "127.0.0.1 localhost\n");
            Files.writeString(
                    etc.resolve("resolv.conf"),
                    "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
            Path config =
                    pair.lab.file(
                            name + ".conf",
                            text("", "10.99.0.0/16")
                                    .replace("192.0.2.2:51820", "far.example.net:51820"));
            assertThat(tryUp(config).succeeded()).isTrue();
            introduce();
            Outcome ready =
                    pair.a.tryRun(Daemon.built("ovlctl"), "status", name, "--check", "ready");
            assertThat(ready.exitCode()).isEqualTo(ExitCode.NOT_MET);
            assertThat(ready.output()).contains("far.example.net has no address");
            // The host's own address stands for the default route, which does not lead to itself.
            assertThat(pair.a.run("ip", "-o", "link", "show", "dev", name)).contains("mtu 1420");
            assertThat(pair.a.run("wg", "show", name, "endpoints")).contains("(none)");
            // Written in place, as the namespace holds on to the file.
            Files.writeString(hosts, "192.0.2.2 far.example.net\n");
            assertThat(Eventually.comesTrue(this::pings)).isTrue();
            assertThat(pair.a.run("wg", "show", name, "endpoints")).contains("192.0.2.2:51820");
        } finally {
            Files.deleteIfExists(hosts);
            Files.deleteIfExists(etc.resolve("resolv.conf"));
            Files.delete(etc);
        }
    }

    @Test
    void shouldBeGoneOnceOvlctlHasTakenItDown() {
        up("MTU = 1400");
        assertThat(pings()).isTrue();
        assertThat(pair.a.run(Daemon.built("ovlctl"), "--timeout=30s", "-i", name, "down"))
                .isEmpty();
        assertThat(pair.a.tryRun("ip", "link", "show", name).succeeded()).isFalse();
        assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).isEmpty();
    }

    /** wg-quick takes out what is its own, and leaves ovl's keys in. */
    @Test
    void shouldTakeWhatWgQuickStripLeaves() {
        Path whole =
                pair.lab.file(
                        name + ".conf",
                        text("MTU = 1400\nPostUp = false", "10.99.0.0/16") + "Name = far\n");
        Command.run("chmod", "600", whole.toString());
        String stripped = Command.run("wg-quick", "strip", whole.toString());
        assertThat(stripped).contains("Name = far").doesNotContain("Address", "PostUp");

        assertThat(tryUp(pair.lab.file(name + ".conf", stripped)).succeeded()).isTrue();
        introduce();
        pair.a.ip("addr add " + ADDRESS + "/24 dev " + name);
        assertThat(pings()).isTrue();
        assertThat(pair.a.run(Daemon.built("ovlctl"), "-i", name, "peers", "list")).contains("far");
    }

    /** Starts with more lines for [Interface], and lets host b know of it. */
    private Path up(String lines) {
        return up(lines, "10.99.0.0/16");
    }

    private Path up(String lines, String allowedIps) {
        Path config = pair.lab.file(name + ".conf", text(lines, allowedIps));
        Outcome outcome = tryUp(config);
        assertThat(outcome.output()).isEmpty();
        introduce();
        return config;
    }

    private Outcome tryUp(String lines, String allowedIps) {
        return tryUp(pair.lab.file(name + ".conf", text(lines, allowedIps)));
    }

    private Outcome tryUp(Path config) {
        Command.run("chmod", "600", config.toString());
        List<Long> before = pair.a.processIds();
        Outcome outcome = pair.a.tryRun(Daemon.UNDER_TEST.program(), "--config", config.toString());
        List<Long> after = new ArrayList<>(pair.a.processIds());
        after.removeAll(before);
        daemon = after;
        return outcome;
    }

    private void introduce() {
        pair.tunnelB.set(
                "peer",
                pair.a.run("wg", "show", name, "public-key"),
                "allowed-ips",
                ADDRESS + "/32");
        pair.b.ip("route replace 10.78.0.0/24 dev " + pair.tunnelB.name());
    }

    private String text(String lines, String allowedIps) {
        return """
        [Interface]
        PrivateKey = %s
        ListenPort = 51900
        Address = 10.78.0.1/24, fd78::1/64
        %s
        [Peer]
        PublicKey = %s
        AllowedIPs = %s, %s/32
        Endpoint = 192.0.2.2:51820
        """
                .formatted(
                        privateKey,
                        lines,
                        pair.tunnelB.publicKey(),
                        allowedIps,
                        TunnelPair.OVERLAY_B);
    }

    private void reload(Path config, String text) {
        write(config, text);
        signal("HUP");
    }

    /** Lets the daemon try that file, and waits until it has refused it. */
    private void refuse(Path config, String text) {
        write(config, text);
        Outcome outcome =
                pair.a.tryRun(Daemon.built("ovlctl"), "-i", name, "--timeout=60s", "reload", name);
        assertThat(outcome.succeeded()).as(outcome.output()).isFalse();
    }

    private static void write(Path config, String text) {
        try {
            Files.writeString(config, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void stop() {
        signal("TERM");
        assertThat(Eventually.comesTrue(() -> Files.notExists(Tunnel.socket(name)))).isTrue();
        assertThat(
                        Eventually.comesTrue(
                                () -> pair.a.processIds().stream().noneMatch(daemon::contains)))
                .isTrue();
    }

    private void signal(String signal) {
        assertThat(daemon).isNotEmpty();
        daemon.forEach(id -> Command.run("kill", "-" + signal, Long.toString(id)));
    }

    private boolean pings() {
        return pair.a.pingsFrom(ADDRESS, TunnelPair.OVERLAY_B);
    }

    private String route(String prefix) {
        return pair.a.run("ip", "route", "show", prefix);
    }

    private String status() {
        return pair.a.run(Daemon.built("ovlctl"), "-j", "status", name);
    }

    private void assertThatNothingIsLeft() {
        assertThat(daemon).isEmpty();
        assertThat(pair.a.tryRun("ip", "link", "show", name).succeeded()).isFalse();
        assertThat(Tunnel.socket(name)).doesNotExist();
        assertThat(pair.a.run("ip", "route", "show", "10.99.0.0/16")).isEmpty();
    }
}
