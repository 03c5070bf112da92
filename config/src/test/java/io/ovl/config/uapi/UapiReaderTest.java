package io.ovl.config.uapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ovl.config.model.AllowedIpChange;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

class UapiReaderTest {
    private static final String KEY_A = "0a".repeat(32);
    private static final String KEY_B = "B0".repeat(32);
    private static final String SECRET =
            "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    private static final String ZERO = "00".repeat(32);

    static DeviceUpdate read(String body) throws UapiException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return UapiReader.read(bytes, 0, bytes.length);
    }

    private static String privateKeyHex(DeviceUpdate update) {
        byte[] bytes = new byte[32];
        Objects.requireNonNull(update.privateKey()).copyTo(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    private static String presharedKeyHex(PeerUpdate peer) {
        byte[] bytes = new byte[32];
        Objects.requireNonNull(peer.presharedKey()).copyTo(bytes, 0);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void shouldChangeNothingForAnEmptySet() throws UapiException {
        assertThat(read("")).isEqualTo(new DeviceUpdate(null, null, null, false, List.of()));
        assertThat(read("\n")).isEqualTo(new DeviceUpdate(null, null, null, false, List.of()));
    }

    @Test
    void shouldReadEveryKeyOfTheDevice() throws UapiException {
        DeviceUpdate update =
                read(
                        "private_key="
                                + SECRET
                                + "\nlisten_port=12912\nfwmark=4294967295\nreplace_peers=true\n\n");
        assertThat(privateKeyHex(update)).isEqualTo(SECRET);
        assertThat(update.listenPort()).isEqualTo(12912);
        assertThat(update.fwmark()).isEqualTo(-1);
        assertThat(update.replacesPeers()).isTrue();
        assertThat(update.peers()).isEmpty();
    }

    @Test
    void shouldReadEveryKeyOfAPeer() throws UapiException {
        DeviceUpdate update =
                read(
                        "public_key="
                                + KEY_A
                                + "\nupdate_only=true\npreshared_key="
                                + SECRET
                                + "\n"
                                + "endpoint=[2607:5300:60:6b0::c05f:543]:2468\n"
                                + "persistent_keepalive_interval=65535\n"
                                + "replace_allowed_ips=true\n"
                                + "allowed_ip=192.168.4.4/24\n"
                                + "allowed_ip=-fd00::1/128\n"
                                + "protocol_version=1\n");
        PeerUpdate peer = update.peers().getFirst();
        assertThat(peer.publicKey().hex()).isEqualTo(KEY_A);
        assertThat(peer.isUpdateOnly()).isTrue();
        assertThat(peer.isRemoval()).isFalse();
        assertThat(presharedKeyHex(peer)).isEqualTo(SECRET);
        assertThat(peer.endpoint()).hasToString("[2607:5300:60:6b0::c05f:543]:2468");
        assertThat(peer.endpointHost()).isNull();
        assertThat(peer.persistentKeepaliveSeconds()).isEqualTo(65_535);
        assertThat(peer.replacesAllowedIps()).isTrue();
        assertThat(peer.allowedIps())
                .containsExactly(change("192.168.4.0/24", false), change("fd00::1/128", true));
    }

    private static AllowedIpChange change(String prefix, boolean isRemoval) {
        return new AllowedIpChange(Objects.requireNonNull(IpPrefix.parse(prefix)), isRemoval);
    }

    @Test
    void shouldLeaveWhatIsNotNamedAsItIs() throws UapiException {
        PeerUpdate peer = read("public_key=" + KEY_B + "\n").peers().getFirst();
        assertThat(peer.publicKey().hex()).isEqualToIgnoringCase(KEY_B);
        assertThat(peer.presharedKey()).isNull();
        assertThat(peer.endpoint()).isNull();
        assertThat(peer.persistentKeepaliveSeconds()).isNull();
        assertThat(peer.replacesAllowedIps()).isFalse();
        assertThat(peer.allowedIps()).isEmpty();
    }

    @Test
    void shouldKeepTheOrderOfRepeatedPeers() throws UapiException {
        DeviceUpdate update =
                read(
                        "public_key=%s\nallowed_ip=10.0.0.0/8\npublic_key=%s\nremove=true\npublic_key=%s\n"
                                .formatted(KEY_A, KEY_B, KEY_A));
        assertThat(update.peers())
                .extracting(peer -> peer.publicKey().hex())
                .containsExactly(KEY_A, KEY_B.toLowerCase(Locale.ROOT), KEY_A);
        assertThat(update.peers())
                .extracting(PeerUpdate::isRemoval)
                .containsExactly(false, true, false);
    }

    @Test
    void shouldTakeTheLastOfRepeatedSecrets() throws UapiException {
        DeviceUpdate update =
                read(
                        "private_key=%s\nprivate_key=%s\npublic_key=%s\npreshared_key=%s\npreshared_key=%s\n"
                                .formatted(ZERO, SECRET, KEY_A, SECRET, ZERO));
        assertThat(privateKeyHex(update)).isEqualTo(SECRET);
        assertThat(Objects.requireNonNull(update.peers().getFirst().presharedKey()).isZero())
                .isTrue();
    }

    @Test
    void shouldReadTheZeroKeyAsNoKey() throws UapiException {
        assertThat(Objects.requireNonNull(read("private_key=" + ZERO + "\n").privateKey()).isZero())
                .isTrue();
    }

    @Test
    void shouldForgetAllowedIpsThatAReplaceFollows() throws UapiException {
        PeerUpdate peer =
                read("public_key="
                                + KEY_A
                                + "\n"
                                + "allowed_ip=10.0.0.0/8\n"
                                + "replace_allowed_ips=true\n"
                                + "allowed_ip=::/0\n")
                        .peers()
                        .getFirst();
        assertThat(peer.allowedIps()).containsExactly(change("::/0", false));
    }

    @Test
    void shouldStopAtTheBlankLine() throws UapiException {
        assertThat(read("listen_port=1\n\nlisten_port=2\nrubbish").listenPort()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:51820, 192.0.2.1:51820",
        "[::1]:65535, [::1]:65535",
        "[::ffff:192.0.2.1]:5, 192.0.2.1:5",
        "[fe80::1%7]:5, [fe80::1%7]:5",
        "[fe80::1%lo]:5, [fe80::1%1]:5",
    })
    void shouldReadEndpoints(String text, String expected) throws UapiException {
        DeviceUpdate update = read("public_key=" + KEY_A + "\nendpoint=" + text + "\n");
        assertThat(update.peers().getFirst().endpoint()).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.1",
                "192.0.2.1:",
                "192.0.2.1:65536",
                "192.0.2.1:-1",
                "192.0.2.256:1",
                "192.0.2:1",
                "192.0.02.1:1",
                "example.net:1",
                "2001:db8::1:51820",
                "[2001:db8::1]",
                "[2001:db8::1]51820",
                "[2001:db8::1%]:5",
                "[2001:db8::1%no/such]:5",
                "[fe80::1%nosuchif0]:5",
                "[192.0.2.1]:5",
                "[]:5",
                "[:::]:5",
                " 192.0.2.1:51820",
                "192.0.2.1:0",
                "[2001:db8::1]:0",
            })
    void shouldRefuseEndpoints(String text) {
        assertRefused("public_key=" + KEY_A + "\nendpoint=" + text + "\n", -22, 3, "endpoint");
    }

    @Test
    void shouldReadTheEndpointThatMeansNone() throws UapiException {
        DeviceUpdate update = read("public_key=" + KEY_A + "\nendpoint=0.0.0.0:0\n");
        assertThat(update.peers().getFirst().endpoint()).isEqualTo(UdpAddress.NONE);
    }

    @Test
    void shouldRefuseAnEndpointOfAnyLength() {
        String text = "public_key=" + KEY_A + "\nendpoint=a" + ".a".repeat(250_000) + ":1\n";
        assertRefused(text, -22, 3, "endpoint");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rubbish|-71|2|",
                "private_key|-71|2|",
                "listen_port=|-22|2|listen_port",
                "listen_port=65536|-22|2|listen_port",
                "listen_port=-1|-22|2|listen_port",
                "listen_port=+1|-22|2|listen_port",
                "listen_port=0x10|-22|2|listen_port",
                "listen_port= 1|-22|2|listen_port",
                "fwmark=4294967296|-22|2|fwmark",
                "fwmark=99999999999999999999|-22|2|fwmark",
                "fwmark=off|-22|2|fwmark",
                "replace_peers=false|-22|2|replace_peers",
                "replace_peers=|-22|2|replace_peers",
                "private_key=|-22|2|private_key",
                "private_key=0a|-22|2|private_key",
                "public_key=0a|-22|2|public_key",
                "endpoint=192.0.2.1:1|-22|2|endpoint",
                "get=1|-22|2|get",
                "set=1|-22|2|set",
                "Listen_Port=1|-22|2|",
                "=1|-22|2|",
                "errno=0|-22|2|errno",
            })
    void shouldRefuseLinesOfTheDevice(String line, int errno, int lineNumber, String key) {
        assertRefused(line + "\n", errno, lineNumber, key == null ? "" : key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rubbish|-71|",
                "update_only=1|-22|update_only",
                "remove=false|-22|remove",
                "replace_allowed_ips=yes|-22|replace_allowed_ips",
                "preshared_key=|-22|preshared_key",
                "persistent_keepalive_interval=65536|-22|persistent_keepalive_interval",
                "persistent_keepalive_interval=off|-22|persistent_keepalive_interval",
                "allowed_ip=|-22|allowed_ip",
                "allowed_ip=-|-22|allowed_ip",
                "allowed_ip=--10.0.0.0/8|-22|allowed_ip",
                "allowed_ip=+10.0.0.0/8|-22|allowed_ip",
                "allowed_ip=10.0.0.0|-22|allowed_ip",
                "allowed_ip=10.0.0.0/33|-22|allowed_ip",
                "allowed_ip=10.0.0.0/|-22|allowed_ip",
                "allowed_ip=10.0.0/8|-22|allowed_ip",
                "allowed_ip=::/129|-22|allowed_ip",
                "allowed_ip=fe80::1%1/64|-22|allowed_ip",
                "protocol_version=2|-22|protocol_version",
                "protocol_version=|-22|protocol_version",
                "listen_port=1|-22|listen_port",
                "private_key=00|-22|private_key",
                "replace_peers=true|-22|replace_peers",
                "last_handshake_time_sec=1|-22|last_handshake_time_sec",
            })
    void shouldRefuseLinesOfAPeer(String line, int errno, String key) {
        assertRefused("public_key=" + KEY_A + "\n" + line + "\n", errno, 3, key == null ? "" : key);
    }

    @Test
    void shouldNotTakeBase64ForAKey() {
        assertRefused(
                "private_key=6EtabScXwQA6E7QxVwNT26ypFGzxUMX4V1aA/rpSAno=\n",
                -22,
                2,
                "private_key");
    }

    @Test
    void shouldNeverShowASecretInAnError() {
        List<String> bodies =
                List.of(
                        "private_key=" + SECRET + "0\n",
                        SECRET + "\n",
                        SECRET + "=\n",
                        "private_key:" + SECRET + "=\n",
                        SECRET.replaceAll("[0-9]", "") + "=" + SECRET + "\n",
                        "public_key=" + KEY_A + "\npreshared_key=" + SECRET.substring(1) + "\n",
                        "public_key=" + KEY_A + "\nendpoint=" + SECRET + "\n");
        for (String body : bodies) {
            assertThatThrownBy(() -> read(body))
                    .isInstanceOf(UapiException.class)
                    .message()
                    .doesNotContain(SECRET.substring(8, 16));
        }
    }

    private static void assertRefused(String body, int errno, int line, String key) {
        UapiException e = catchThrowableOfType(UapiException.class, () -> read(body));
        assertThat(e).describedAs(body).isNotNull();
        assertThat(e.errno()).describedAs(body).isEqualTo(errno);
        assertThat(e.line()).isEqualTo(line);
        assertThat(e.key()).isEqualTo(key);
        assertThat(e).hasMessageStartingWith("line " + line + ":");
    }
}
