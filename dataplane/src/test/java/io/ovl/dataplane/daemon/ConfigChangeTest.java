package io.ovl.dataplane.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.OvlConfig;
import io.ovl.config.model.PeerSection;
import io.ovl.config.model.PeerSegments;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.config.parse.BadConfigException;
import io.ovl.config.parse.ConfigParser;
import io.ovl.config.parse.ConfigPrinter;
import io.ovl.config.parse.SecretFiles;
import io.ovl.crypto.key.NoisePublicKey;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class ConfigChangeTest {
    private static final String KEY = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
    private static final String OTHER_KEY = "AEQ4JRtYPwe5b5tEBCYEPy4WSvZxDdCbZJEfWvTGmEk=";
    private static final String PEER_A = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
    private static final String PEER_B = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=";
    private static final String FILE =
            """
            [Interface]
            PrivateKey = %s
            ListenPort = 51820
            [Peer]
            Name = a
            PublicKey = %s
            PresharedKey = %s
            AllowedIPs = 10.0.0.2/32
            Endpoint = 192.0.2.2:51820
            """
                    .formatted(KEY, PEER_A, KEY);

    @Test
    void shouldChangeNothingWhenTheFileSaysTheSame() {
        DeviceUpdate update = update(FILE, FILE);
        assertThat(update).isEqualTo(new DeviceUpdate(null, null, null, false, update.peers()));
        PeerUpdate peer = update.peers().getFirst();
        assertThat(update.peers()).hasSize(1);
        assertThat(peer)
                .isEqualTo(
                        new PeerUpdate(
                                peer.publicKey(),
                                true,
                                false,
                                null,
                                null,
                                null,
                                null,
                                null,
                                false,
                                List.of()));
    }

    @Test
    void shouldAddAPeerWholeAndRemoveThoseThatAreNotNamed() {
        String other = "[Interface]\nPrivateKey = " + KEY + "\n[Peer]\nPublicKey = " + PEER_B;
        DeviceUpdate update = update(FILE, other + "\nEndpoint = 192.0.2.3:1\n");

        assertThat(update.peers()).hasSize(2);
        assertThat(update.peers().getFirst().isRemoval()).isTrue();
        assertThat(update.peers().getFirst().publicKey().base64()).isEqualTo(PEER_A);
        PeerUpdate added = update.peers().get(1);
        assertThat(added.publicKey().base64()).isEqualTo(PEER_B);
        assertThat(added.isUpdateOnly()).isFalse();
        assertThat(added.endpoint()).isEqualTo(UdpAddress.parse("192.0.2.3:1"));
    }

    @Test
    void shouldSetAnEndpointOnlyWhenTheFileHasAnother() {
        PeerUpdate changed =
                update(FILE, FILE.replace("192.0.2.2:", "192.0.2.9:")).peers().getFirst();
        assertThat(changed.endpoint()).isEqualTo(UdpAddress.parse("192.0.2.9:51820"));

        String named = FILE.replace("192.0.2.2:", "b.example.net:");
        assertThat(update(FILE, named).peers().getFirst().endpointHost())
                .hasToString("b.example.net:51820");
        assertThat(update(named, named).peers().getFirst().endpointHost()).isNull();
    }

    @Test
    void shouldNameWhatElseIsDifferent() {
        DeviceUpdate update =
                update(
                        FILE,
                        FILE.replace("PrivateKey = " + KEY, "PrivateKey = " + OTHER_KEY)
                                .replace("ListenPort = 51820", "ListenPort = 51821")
                                .replace("Name = a\n", "PersistentKeepalive = 25\n")
                                .replace("PresharedKey = " + KEY + "\n", "")
                                .replace("10.0.0.2/32", "10.0.0.3/32"));
        assertThat(update.listenPort()).isEqualTo(51821);
        assertThat(update.privateKey()).isNotNull();
        PeerUpdate peer = update.peers().getFirst();
        assertThat(peer.name()).isEmpty();
        assertThat(Objects.requireNonNull(peer.presharedKey()).isZero()).isTrue();
        assertThat(peer.persistentKeepaliveSeconds()).isEqualTo(25);
        assertThat(peer.replacesAllowedIps()).isTrue();
        assertThat(peer.allowedIps())
                .containsExactly(new AllowedIpChange(prefix("10.0.0.3/32"), false));
    }

    @Test
    void shouldNotOpenAnotherPortForAnAnyPortThatStays() {
        String any = FILE.replace("ListenPort = 51820", "ListenPort = 0");
        assertThat(update(any, any).listenPort()).isNull();
        assertThat(update(FILE, any).listenPort()).isZero();
    }

    @Test
    void shouldSaveWhatAnotherParserReadsBack() throws BadConfigException {
        try (OvlConfig file = parse(FILE);
                OvlConfig saved = saved(file, file)) {
            byte[] text = ConfigPrinter.printWithSecrets(saved);
            try (OvlConfig read = parse(new String(text, StandardCharsets.UTF_8))) {
                assertThat(read.interfaceSection().savesConfig()).isTrue();
                assertThat(read.interfaceSection().privateKey()).isNotNull();
                assertThat(read.peers().getFirst().name()).isEqualTo("a");
                assertThat(read.peers().getFirst().endpoint()).hasToString("198.51.100.7:4000");
                assertThat(read.peers().getFirst().presharedKey()).isNotNull();
            }
        }
    }

    @Test
    void shouldSaveTheSegmentsThatThereAreAndNotThoseOfTheFile() throws BadConfigException {
        String segments =
                """
                [Segment lan]
                VNI = 10
                Port = tap:ovl-lan bridge=br0
                Ageing = off
                MaxMacs = 17
                FloodLimit = off
                SuppressArp = yes
                Learning = no
                MTU = 1300
                ClampMss = yes
                [Segment dmz]
                VNI = 16777215
                Port = tap:ovl-dmz
                Encap = vxlan
                Local = 192.0.2.1
                Remote = 192.0.2.2, 192.0.2.3:8472
                Open = yes
                Strict = yes
                """;
        String member = "Segments = lan\nVtep = 10.0.0.2\n";
        String old = "[Segment old]\nVNI = 1\nPort = tap:old\n";
        try (OvlConfig file = parse(old + FILE + "Segments = old\n");
                OvlConfig now = parse(segments + FILE + member);
                OvlConfig saved = saved(file, now)) {
            byte[] text = ConfigPrinter.printWithSecrets(saved);
            try (OvlConfig read = parse(new String(text, StandardCharsets.UTF_8))) {
                assertThat(read.segments()).hasSize(2).isEqualTo(now.segments());
                assertThat(read.toSegmentUpdate()).isEqualTo(now.toSegmentUpdate());
            }
        }
    }

    /** What is saved of a daemon that was started with {@code file} and is as {@code now} says. */
    private static OvlConfig saved(OvlConfig file, OvlConfig now) {
        Map<NoisePublicKey, PeerSegments> members = new HashMap<>();
        for (PeerSection peer : now.peers()) {
            members.put(
                    peer.publicKey(),
                    new PeerSegments(peer.publicKey(), peer.segments(), peer.vtep()));
        }
        return SavedConfig.of(
                file, state(now), now.segments(), key -> Objects.requireNonNull(members.get(key)));
    }

    /** The change from one file to another, of a daemon that is as the first says but for a peer that has moved. */
    private static DeviceUpdate update(String before, String next) {
        try (OvlConfig old = parse(before);
                OvlConfig wanted = parse(next)) {
            return ConfigChange.of(state(old), old, wanted, 0);
        } catch (BadConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static DeviceState state(OvlConfig config) {
        List<PeerState> peers =
                config.peers().stream()
                        .map(
                                peer ->
                                        new PeerState(
                                                peer.publicKey(),
                                                peer.name(),
                                                peer.presharedKey(),
                                                UdpAddress.parse("198.51.100.7:4000"),
                                                null,
                                                null,
                                                0,
                                                0,
                                                peer.persistentKeepaliveSeconds(),
                                                peer.allowedIps()))
                        .toList();
        return new DeviceState(config.interfaceSection().privateKey(), 51820, 0, peers);
    }

    private static OvlConfig parse(String text) throws BadConfigException {
        return ConfigParser.parse(
                text.getBytes(StandardCharsets.UTF_8),
                "test",
                Path.of(""),
                SecretFiles.refusingExposed());
    }

    private static IpPrefix prefix(String text) {
        return Objects.requireNonNull(IpPrefix.parse(text));
    }
}
