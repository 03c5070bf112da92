package io.ovl.config.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.Encap;
import io.ovl.config.model.InterfaceName;
import io.ovl.config.model.InterfaceSection;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.SegmentPort;
import io.ovl.config.model.SegmentSection;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;

class ConfigParserTest {
    private static final Path GOOD = Path.of("src/test/resources/good");
    private static final Path BAD = Path.of("src/test/resources/bad");
    private static final String PRIVATE_KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    static OvlConfig parse(byte[] text) throws BadConfigException {
        return ConfigParser.parse(
                text, "test.conf", Path.of("/nonexistent"), SecretFiles.refusingExposed());
    }

    private static OvlConfig parse(String text) throws BadConfigException {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static OvlConfig good(String name) throws Exception {
        return parse(Files.readAllBytes(GOOD.resolve(name)));
    }

    @Test
    void shouldReadAWgQuickFile() throws Exception {
        OvlConfig config = good("wg-quick-server.conf");
        InterfaceSection own = config.interfaceSection();
        assertThat(Objects.requireNonNull(own.privateKey()).publicKey().base64())
                .isEqualTo("HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=");
        assertThat(own.listenPort()).isEqualTo(51_820);
        assertThat(own.fwmark()).isEqualTo(0xca6c);
        assertThat(own.addresses()).hasToString("[10.192.122.1/24, 10.10.0.1/16, fd00::1/64]");
        assertThat(own.dns()).containsExactly("10.192.122.1", "fd00::53", "corp.example.net");
        assertThat(own.mtu()).isEqualTo(1420);
        assertThat(own.table()).isEqualTo("off");
        assertThat(own.savesConfig()).isTrue();
        assertThat(own.hooks().preUp()).containsExactly("sysctl -w net.ipv4.ip_forward=1");
        assertThat(own.hooks().postUp())
                .containsExactly(
                        "iptables -A FORWARD -i %i -j ACCEPT; iptables -t nat -A POSTROUTING -o"
                                + " eth0 -j MASQUERADE");
        assertThat(own.hooks().postDown())
                .containsExactly(
                        "iptables -D FORWARD -i %i -j ACCEPT; ip rule del table main || true");

        assertThat(config.peers()).hasSize(3);
        PeerSection roaming = config.peers().get(0);
        assertThat(roaming.endpoint()).isNull();
        assertThat(roaming.allowedIps()).hasToString("[10.192.122.3/32, 10.192.124.0/24]");
        PeerSection fixed = config.peers().get(1);
        assertThat(fixed.presharedKey()).isNotNull();
        assertThat(fixed.allowedIps()).isEmpty();
        assertThat(fixed.endpoint()).hasToString("[2607:5300:60:6b0::c05f:543]:2468");
        PeerSection named = config.peers().get(2);
        assertThat(named.allowedIps()).hasToString("[0.0.0.0/0, ::/0]");
        assertThat(named.endpoint()).hasToString("test.wireguard.com:18981");
        assertThat(named.persistentKeepaliveSeconds()).isEqualTo(25);
        assertThat(config.segments()).isEmpty();
    }

    @Test
    void shouldReadSegments() throws Exception {
        OvlConfig config = good("segments.conf");
        assertThat(config.interfaceSection().mtu()).isNull();
        SegmentSection lan = config.segments().get(0);
        assertThat(lan.name()).isEqualTo("lan");
        assertThat(lan.vni()).isEqualTo(10);
        assertThat(lan.port()).hasToString("tap:ovl-lan bridge=br-lan");
        assertThat(lan.encap()).isEqualTo(Encap.WIREGUARD);
        assertThat(lan.ageingSeconds()).isEqualTo(300);
        assertThat(lan.maxMacs()).isEqualTo(2048);
        assertThat(lan.suppressesArp()).isTrue();
        assertThat(lan.isLearning()).isTrue();
        assertThat(lan.isOpen()).isFalse();
        assertThat(lan.isStrict()).isFalse();
        assertThat(lan.clampsMss()).isFalse();
        assertThat(lan.mtu()).isNull();
        assertThat(lan.floodLimitFps()).isEqualTo(SegmentSection.DEFAULT_FLOOD_LIMIT_FPS);
        SegmentSection dmz = config.segments().get(1);
        assertThat(dmz.vni()).isZero();
        assertThat(dmz.port().bridge()).isNull();
        assertThat(dmz.encap()).isEqualTo(Encap.VXLAN);
        assertThat(dmz.local()).hasToString("192.0.2.1:8472");
        assertThat(dmz.remotes()).hasToString("[192.0.2.2:4789, 192.0.2.3:4789, 192.0.2.4:8472]");
        assertThat(dmz.isOpen()).isTrue();
        assertThat(dmz.isStrict()).isTrue();
        assertThat(dmz.isLearning()).isFalse();
        assertThat(dmz.ageingSeconds()).isZero();
        assertThat(dmz.floodLimitFps()).isZero();
        assertThat(dmz.mtu()).isEqualTo(1450);
        assertThat(dmz.clampsMss()).isTrue();
        PeerSection peer = config.peers().getFirst();
        assertThat(peer.name()).isEqualTo("site-b");
        assertThat(peer.segments()).containsExactly("lan");
        assertThat(peer.vtep()).hasToString("10.77.0.2");
        assertThat(peer.endpoint()).hasToString("[fe80::1%eth0]:51820");
    }

    @Test
    void shouldAcceptAnEmptyFile() throws Exception {
        OvlConfig config = parse("");
        assertThat(config.interfaceSection().privateKey()).isNull();
        assertThat(config.interfaceSection().table()).isEqualTo("auto");
        assertThat(config.peers()).isEmpty();
    }

    @Test
    void shouldAcceptAByteOrderMarkAndCarriageReturns() throws Exception {
        assertThat(
                        parse("\ufeff[Interface]\r\nListenPort = 7\r\n\r\n")
                                .interfaceSection()
                                .listenPort())
                .isEqualTo(7);
    }

    @Test
    void shouldTakeTwoInterfaceSectionsForOne() throws Exception {
        OvlConfig config = parse("[Interface]\nListenPort = 7\n[Interface]\nMTU = 1400\n");
        assertThat(config.interfaceSection().listenPort()).isEqualTo(7);
        assertThat(config.interfaceSection().mtu()).isEqualTo(1400);
    }

    @Test
    void shouldAllowANarrowerPrefixOnAnotherPeer() throws Exception {
        OvlConfig config =
                parse(
                        """
                        [Peer]
                        PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
                        AllowedIPs = 0.0.0.0/0, 10.0.0.0/8
                        [Peer]
                        PublicKey = TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=
                        AllowedIPs = 10.1.0.0/16
                        """);
        assertThat(config.peers()).hasSize(2);
    }

    @Test
    void shouldCountColumnsInCharacters() {
        BadConfigException e =
                catchThrowableOfType(
                        BadConfigException.class,
                        () -> parse("[Interface]\nDNS = ünïcödé.example, 1.2.3\n"));
        assertThat(e.problems()).extracting(ConfigProblem::column).containsExactly(7, 24);
    }

    @Test
    void shouldReportEveryProblemInTheOrderOfTheFile() {
        String text =
                """
                [Peer]
                Endpoint = x
                [Interface]
                MTU = x
                Foo = 1
                [Nope]
                """;
        BadConfigException e = catchThrowableOfType(BadConfigException.class, () -> parse(text));
        assertThat(e.problems()).extracting(ConfigProblem::line).containsExactly(1, 2, 4, 5, 6);
        ConfigProblem mtu = e.problems().get(2);
        assertThat(mtu)
                .isEqualTo(
                        new ConfigProblem(
                                "test.conf",
                                4,
                                7,
                                "[Interface]",
                                "MTU",
                                BadConfigReason.INVALID_NUMBER,
                                "\"x\" is not an MTU",
                                "Allowed: auto, or a number of bytes from 68 to 65535."));
    }

    @Test
    void shouldStopCountingProblemsSomewhere() {
        BadConfigException e =
                catchThrowableOfType(BadConfigException.class, () -> parse("x\n".repeat(10_000)));
        assertThat(e.problems()).hasSize(100);
    }

    @Test
    void shouldMakeAnUpdateThatReplacesEverything() throws Exception {
        OvlConfig config = good("wg-quick-server.conf");
        DeviceUpdate update = config.toDeviceUpdate();
        assertThat(update.replacesPeers()).isTrue();
        assertThat(update.listenPort()).isEqualTo(51_820);
        assertThat(update.fwmark()).isEqualTo(0xca6c);
        PeerUpdate first = update.peers().get(0);
        assertThat(Objects.requireNonNull(first.presharedKey()).isZero()).isTrue();
        assertThat(first.replacesAllowedIps()).isTrue();
        assertThat(first.isUpdateOnly()).isFalse();
        assertThat(first.isRemoval()).isFalse();
        assertThat(first.allowedIps()).noneMatch(change -> change.isRemoval());
        assertThat(first.persistentKeepaliveSeconds()).isZero();
        assertThat(update.peers().get(1).endpoint())
                .hasToString("[2607:5300:60:6b0::c05f:543]:2468");
        assertThat(update.peers().get(1).endpointHost()).isNull();
        assertThat(update.peers().get(2).endpoint()).isNull();
        assertThat(update.peers().get(2).endpointHost()).hasToString("test.wireguard.com:18981");

        // The update has keys of its own.
        config.close();
        byte[] key = new byte[32];
        Objects.requireNonNull(update.privateKey()).copyTo(key, 0);
        assertThat(HexFormat.of().formatHex(key)).startsWith("c809f3e531");
        update.wipe();
        Objects.requireNonNull(update.privateKey()).copyTo(key, 0);
        assertThat(key).containsOnly(0);
    }

    @Test
    void shouldPrintWhatParsesToTheSame() throws Exception {
        for (String name : List.of("wg-quick-server.conf", "segments.conf")) {
            OvlConfig config = good(name);
            byte[] printed = ConfigPrinter.printWithSecrets(config);
            OvlConfig again = parse(printed);
            assertSame(again, config);
            assertThat(ConfigPrinter.printWithSecrets(again)).isEqualTo(printed);
        }
    }

    @Test
    void shouldReadTheExtremesThatTheControlSocketTakes() throws Exception {
        SegmentSection least = extreme("least", 0, 0, 0, 0, 68);
        SegmentSection most =
                extreme(
                        "most",
                        SegmentSection.MAX_VNI,
                        1_000_000_000,
                        1 << 24,
                        100_000_000,
                        65_535);
        try (OvlConfig empty = parse("")) {
            OvlConfig config =
                    new OvlConfig(empty.interfaceSection(), List.of(), List.of(least, most));
            assertThat(parse(ConfigPrinter.print(config)).segments()).containsExactly(least, most);
        }
    }

    private static SegmentSection extreme(
            String name, int vni, int ageingSeconds, int maxMacs, int floodLimitFps, int mtu) {
        return new SegmentSection(
                name,
                vni,
                new SegmentPort(new InterfaceName("tap-" + name), null),
                Encap.WIREGUARD,
                null,
                List.of(),
                ageingSeconds,
                maxMacs,
                floodLimitFps,
                false,
                false,
                false,
                true,
                mtu,
                false);
    }

    /** Keys have no equals, on purpose: what prints the same is the same. */
    private static void assertSame(OvlConfig actual, OvlConfig expected) {
        assertThat(actual.segments()).isEqualTo(expected.segments());
        assertThat(actual)
                .usingRecursiveComparison()
                .ignoringFields("interfaceSection.privateKey", "peers.presharedKey")
                .isEqualTo(expected);
    }

    @Test
    void shouldPrintSecretsOnlyWhenAsked() throws Exception {
        OvlConfig config = good("wg-quick-server.conf");
        String printed = ConfigPrinter.print(config);
        assertThat(printed)
                .contains("# PrivateKey = (hidden)\n", "# PresharedKey = (hidden)\n")
                .doesNotContain(PRIVATE_KEY, "FpCyhws9");
        assertThat(parse(printed).peers()).hasSize(3);
        assertThat(new String(ConfigPrinter.printWithSecrets(config), StandardCharsets.UTF_8))
                .contains("PrivateKey = " + PRIVATE_KEY + "\n");
    }

    @Test
    void shouldNeverShowASecretInTextOfTheModel() throws Exception {
        OvlConfig config = good("wg-quick-server.conf");
        assertThat(config.toString()).doesNotContain("TF+lXXJte", "c809f3", "C809F3");
    }

    @Test
    void shouldSurviveMutatedFiles() throws Exception {
        List<byte[]> seeds =
                List.of(
                        Files.readAllBytes(GOOD.resolve("wg-quick-server.conf")),
                        Files.readAllBytes(GOOD.resolve("segments.conf")),
                        Files.readAllBytes(BAD.resolve("conflicting-keys.conf")));
        Random random = new Random(20_261_121);
        int accepted = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] text = mutate(seeds.get(random.nextInt(seeds.size())), random);
            try (OvlConfig config = parse(text)) {
                accepted++;
                byte[] printed = ConfigPrinter.printWithSecrets(config);
                try (OvlConfig again = parse(printed)) {
                    assertThat(ConfigPrinter.printWithSecrets(again)).isEqualTo(printed);
                    assertSame(again, config);
                }
            } catch (BadConfigException e) {
                assertThat(e.getMessage())
                        .doesNotContain("TF+lXXJte14tji3zlMNq", "cxwWoV4xELtfJvjJN");
            }
        }
        assertThat(accepted).isBetween(100, 1_900);
    }

    private static byte[] mutate(byte[] seed, Random random) throws IOException {
        byte[] text = seed.clone();
        String alphabet = "[]=#;,. \n\t\rAa0159-/:%@\u00fc\0";
        for (int edit = random.nextInt(3); edit >= 0; edit--) {
            int at = random.nextInt(text.length);
            switch (random.nextInt(4)) {
                case 0 -> text[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                case 1 -> text[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    int length = Math.min(random.nextInt(20), text.length - at);
                    System.arraycopy(
                            text, at, text, random.nextInt(text.length - length + 1), length);
                }
                default ->
                        text = Arrays.copyOf(text, Math.max(1, text.length - random.nextInt(40)));
            }
        }
        return text;
    }
}
