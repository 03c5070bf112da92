package io.ovl.dataplane.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.UdpAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real {@code wg} drives a device in memory. Needs root, for {@code /run/wireguard}. */
@Timeout(120)
class UapiWgIT {
    private static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String PUBLIC_KEY = "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=";
    private static final String PEER_A = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String PEER_B = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
    private static final String PRESHARED_KEY = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE=";
    private static final String CONFIG =
            """
            [Interface]
            ListenPort = 51820
            FwMark = 0xca6c
            PrivateKey = %s

            [Peer]
            PublicKey = %s
            PresharedKey = %s
            AllowedIPs = 10.0.0.0/8, fd00::/64
            Endpoint = [2001:db8::1]:51820
            PersistentKeepalive = 25

            [Peer]
            PublicKey = %s
            AllowedIPs = 192.168.4.0/24
            Endpoint = 192.0.2.1:4000
            """
                    .formatted(PRIVATE_KEY, PEER_A, PRESHARED_KEY, PEER_B);

    @TempDir Path directory;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final UapiMemoryDevice device = new UapiMemoryDevice();
    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final String name = "ovlt" + ProcessHandle.current().pid() % 1_000_000;
    private final UapiServer server =
            new UapiServer(
                    loop, UapiServer.socketFile(new InterfaceName(name)), device, refusals::add);

    private record Result(int exitCode, String text) {}

    @BeforeEach
    void start() throws Exception {
        boolean canRun =
                "root".equals(System.getProperty("user.name"))
                        && Files.isExecutable(Path.of("/usr/bin/wg"));
        assumeTrue(canRun || System.getenv("CI") != null, "needs root and wg");
        assertThat(canRun).describedAs("needs root and wg").isTrue();
        server.start().sync();
    }

    @AfterEach
    void stop() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private Result wg(String... arguments) throws Exception {
        List<String> command = Stream.concat(Stream.of("wg"), Arrays.stream(arguments)).toList();
        Path output = Files.createTempFile(directory, "wg", ".out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("WG_HIDE_KEYS", "never");
        Process process = builder.redirectOutput(output.toFile()).start();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("wg hangs");
        }
        return new Result(process.exitValue(), Files.readString(output));
    }

    private void wgOk(String... arguments) throws Exception {
        assertThat(wg(arguments)).isEqualTo(new Result(0, ""));
    }

    private String file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "wg", ".conf"), text).toString();
    }

    private static List<String> sections(String config) {
        return Stream.of(config.strip().split("(?=\\[)")).map(String::strip).toList();
    }

    @Test
    void shouldShowAnEmptyDevice() throws Exception {
        assertThat(wg("show", name)).isEqualTo(new Result(0, "interface: " + name + "\n"));
        assertThat(wg("show", "interfaces").text()).contains(name);
    }

    @Test
    void shouldShowTheConfigurationThatSetconfSet() throws Exception {
        wgOk("setconf", name, file(CONFIG));
        String shown = wg("showconf", name).text();
        assertThat(sections(shown)).containsExactlyElementsOf(sections(CONFIG));
        assertThat(wg("show", name, "public-key").text()).isEqualTo(PUBLIC_KEY + "\n");
        assertThat(wg("show", name, "preshared-keys").text())
                .isEqualTo(PEER_A + "\t" + PRESHARED_KEY + "\n" + PEER_B + "\t(none)\n");
        assertThat(refusals).isEmpty();
    }

    @Test
    void shouldDumpHandshakesAndTransfer() throws Exception {
        wgOk("setconf", name, file(CONFIG));
        loop.submit(this::giveTraffic).sync();
        assertThat(wg("show", name, "dump").text().lines().toList().get(1))
                .isEqualTo(
                        String.join(
                                "\t",
                                PEER_A,
                                PRESHARED_KEY,
                                "[fe80::1%lo]:5",
                                "10.0.0.0/8,fd00::/64",
                                "1763690000",
                                "1234567890123",
                                "18446744073709551615",
                                "25"));
        assertThat(wg("show", name).text())
                .contains("latest handshake: ", "transfer: 1.12 TiB received");
    }

    private void giveTraffic() {
        PeerState peer = device.peers.firstEntry().getValue();
        device.peers.put(
                peer.publicKey(),
                new PeerState(
                        peer.publicKey(),
                        null,
                        peer.presharedKey(),
                        Objects.requireNonNull(UdpAddress.parse("[fe80::1%1]:5")),
                        null,
                        Instant.ofEpochSecond(1_763_690_000L, 5),
                        1_234_567_890_123L,
                        -1,
                        25,
                        List.of()));
    }

    @Test
    void shouldChangeSingleValues() throws Exception {
        wgOk(
                "set",
                name,
                "private-key",
                file(PRIVATE_KEY),
                "listen-port",
                "4000",
                "fwmark",
                "0x10");
        wgOk(
                "set",
                name,
                "peer",
                PEER_A,
                "allowed-ips",
                "10.0.0.0/8,10.1.2.3",
                "endpoint",
                "[fe80::1%lo]:9",
                "persistent-keepalive",
                "7");
        wgOk("set", name, "peer", PEER_B, "allowed-ips", "10.1.2.3/32");
        assertThat(wg("show", name, "allowed-ips").text())
                .isEqualTo(PEER_A + "\t10.0.0.0/8\n" + PEER_B + "\t10.1.2.3/32\n");
        assertThat(wg("show", name, "endpoints").text()).startsWith(PEER_A + "\t[fe80::1%lo]:9\n");
        assertThat(wg("show", name, "persistent-keepalive").text()).startsWith(PEER_A + "\t7\n");
        assertThat(wg("show", name, "fwmark").text()).isEqualTo("0x10\n");
        wgOk("set", name, "peer", PEER_A, "preshared-key", file(PRESHARED_KEY));
        wgOk("set", name, "peer", PEER_A, "preshared-key", "/dev/null");
        assertThat(wg("show", name, "preshared-keys").text()).startsWith(PEER_A + "\t(none)\n");
        wgOk("set", name, "peer", PEER_B, "remove");
        assertThat(wg("show", name, "peers").text()).isEqualTo(PEER_A + "\n");
        wgOk("set", name, "private-key", "/dev/null", "fwmark", "0", "listen-port", "0");
        assertThat(wg("show", name, "private-key").text()).isEqualTo("(none)\n");
    }

    @Test
    void shouldIgnoreAPeerWithTheOwnKey() throws Exception {
        wgOk(
                "set",
                name,
                "private-key",
                file(PRIVATE_KEY),
                "peer",
                PUBLIC_KEY,
                "allowed-ips",
                "0.0.0.0/0");
        assertThat(wg("show", name, "peers").text()).isEmpty();
    }

    @Test
    void shouldTouchOnlyWhatDiffersInSyncconf() throws Exception {
        wgOk("setconf", name, file(CONFIG));
        wgOk(
                "syncconf",
                name,
                file(
                        CONFIG.replace("10.0.0.0/8, fd00::/64", "10.0.0.0/8")
                                .replace(PEER_B, PUBLIC_KEY.replace("HIgo", "AAAA"))));
        assertThat(wg("show", name, "allowed-ips").text())
                .isEqualTo(
                        PEER_A
                                + "\t10.0.0.0/8\n"
                                + PUBLIC_KEY.replace("HIgo", "AAAA")
                                + "\t192.168.4.0/24\n");
        wgOk("addconf", name, file("[Peer]\nPublicKey = " + PEER_B + "\nAllowedIPs = ::/0\n"));
        assertThat(wg("show", name, "peers").text().lines()).hasSize(3);
        wgOk("setconf", name, file("[Interface]\n"));
        assertThat(wg("showconf", name).text().strip()).isEqualTo("[Interface]");
    }

    @Test
    void shouldTellWgWhyItRefuses() throws Exception {
        Result result = wg("set", name, "listen-port", "7");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).isEqualTo("Unable to modify interface: Address already in use\n");
        assertThat(refusals).containsExactly("port 7 is in use");
    }

    @Test
    void shouldServe130ThousandAllowedIps() throws Exception {
        StringBuilder config = new StringBuilder("[Peer]\nPublicKey = " + PEER_A + "\n");
        for (int i = 0; i < 65_280; i++) {
            config.append(
                    "AllowedIPs = %d.%d.0.0/32,%x:%x::/128\n"
                            .formatted(1 + i / 256, i % 256, 1 + i / 256, i % 256));
        }
        wgOk("addconf", name, file(config.toString()));
        assertThat(wg("show", name, "allowed-ips").text().split("\\s")).hasSize(130_561);
    }

    @Test
    void shouldGiveUpThePlaceWhenTheServerCloses() throws Exception {
        server.close().sync();
        assertThat(wg("show", name).exitCode()).isEqualTo(1);
        assertThat(wg("show", "interfaces").text().getBytes(StandardCharsets.UTF_8))
                .asString()
                .doesNotContain(name);
        server.start().sync();
        assertThat(wg("show", name).exitCode()).isZero();
    }
}
