package io.ovl.config.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.ovl.config.model.DeviceState;
import io.ovl.config.model.DeviceUpdate;
import io.ovl.config.model.IpAddress;
import io.ovl.config.model.IpPrefix;
import io.ovl.config.model.PeerState;
import io.ovl.config.model.PeerUpdate;
import io.ovl.config.model.UdpAddress;
import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePrivateKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

class UapiWriterTest {
    private static final String KEY_A = "0a".repeat(32);
    private static final String KEY_B = "b0".repeat(32);
    private static final String SECRET =
            "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";
    private static final String ZERO = "00".repeat(32);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static NoisePublicKey publicKey(String hex) {
        return Objects.requireNonNull(NoisePublicKey.parse(hex));
    }

    private static NoisePresharedKey presharedKey(String hex) {
        return Objects.requireNonNull(NoisePresharedKey.parse(ascii(hex), 0, hex.length()));
    }

    private static NoisePrivateKey privateKey(String hex) {
        return Objects.requireNonNull(NoisePrivateKey.parse(ascii(hex), 0, hex.length()));
    }

    private static IpPrefix prefix(String text) {
        return Objects.requireNonNull(IpPrefix.parse(text));
    }

    static String write(DeviceState state, int chunkLength) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[chunkLength];
        try (UapiWriter writer = new UapiWriter(state)) {
            for (int length = writer.fill(chunk); length > 0; length = writer.fill(chunk)) {
                all.write(chunk, 0, length);
            }
            assertThat(writer.fill(chunk)).isZero();
        }
        return all.toString(StandardCharsets.US_ASCII);
    }

    private static DeviceState full() {
        PeerState a =
                new PeerState(
                        publicKey(KEY_A),
                        "site-a",
                        presharedKey(SECRET),
                        Objects.requireNonNull(UdpAddress.parse("[fe80::1%7]:51820")),
                        null,
                        Instant.ofEpochSecond(1_763_690_000L, 42),
                        -1,
                        38_333,
                        25,
                        List.of(prefix("192.168.4.0/24"), prefix("10.0.0.0/8"), prefix("::/0")));
        PeerState b =
                new PeerState(publicKey(KEY_B), null, null, null, null, null, 0, 0, 0, List.of());
        return new DeviceState(privateKey(SECRET), 12_912, -1, List.of(b, a));
    }

    @Test
    void shouldWriteOnlyTheStatusOfAnEmptyDevice() {
        assertThat(write(new DeviceState(null, 0, 0, List.of()), 1024)).isEqualTo("errno=0\n\n");
        assertThat(write(new DeviceState(privateKey(ZERO), 0, 0, List.of()), 1024))
                .isEqualTo("errno=0\n\n");
    }

    @Test
    void shouldWriteEveryKeyInTheOrderOfTheReference() {
        assertThat(write(full(), 4096))
                .isEqualTo(
                        """
                        private_key=%s
                        listen_port=12912
                        fwmark=4294967295
                        public_key=%s
                        preshared_key=%s
                        protocol_version=1
                        last_handshake_time_sec=0
                        last_handshake_time_nsec=0
                        tx_bytes=0
                        rx_bytes=0
                        persistent_keepalive_interval=0
                        public_key=%s
                        preshared_key=%s
                        protocol_version=1
                        endpoint=[fe80::1%%7]:51820
                        last_handshake_time_sec=1763690000
                        last_handshake_time_nsec=42
                        tx_bytes=38333
                        rx_bytes=18446744073709551615
                        persistent_keepalive_interval=25
                        allowed_ip=192.168.4.0/24
                        allowed_ip=10.0.0.0/8
                        allowed_ip=::/0
                        errno=0

                        """
                                .formatted(SECRET, KEY_B, ZERO, KEY_A, SECRET));
    }

    @Test
    void shouldWriteTheSameInChunksOfAnyLength() {
        String whole = write(full(), 1 << 16);
        for (int length = UapiWriter.MIN_CHUNK_LENGTH; length < 2200; length += 7) {
            assertThat(write(full(), length)).isEqualTo(whole);
        }
    }

    @Test
    void shouldKeepTheSecretsThatWereInForceWhenItBegan() {
        DeviceState state = full();
        List<PeerState> many = new ArrayList<>(state.peers());
        many.addAll(state.peers());
        UapiWriter writer = new UapiWriter(new DeviceState(null, 0, 0, many));
        byte[] chunk = new byte[UapiWriter.MIN_CHUNK_LENGTH];
        int first = writer.fill(chunk);
        assertThat(first).isPositive();
        Objects.requireNonNull(state.peers().get(1).presharedKey()).close();
        StringBuilder rest = new StringBuilder();
        for (int length = writer.fill(chunk); length > 0; length = writer.fill(chunk)) {
            rest.append(new String(chunk, 0, length, StandardCharsets.US_ASCII));
        }
        writer.close();
        assertThat(rest).contains(SECRET);
    }

    @Test
    void shouldStream130ThousandAllowedIps() {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 130_560; i++) {
            prefixes.add(
                    new IpPrefix(
                            new IpAddress(true, 0x2a01_0000_0000_0000L + ((long) i << 8), 0), 56));
        }
        PeerState peer =
                new PeerState(publicKey(KEY_A), null, null, null, null, null, 0, 0, 0, prefixes);
        String text = write(new DeviceState(null, 0, 0, List.of(peer)), 65_536);
        assertThat(text.lines().filter(line -> line.startsWith("allowed_ip=")).count())
                .isEqualTo(130_560);
        assertThat(text).contains("allowed_ip=2a01:0:1:fe00::/56\n").endsWith("\nerrno=0\n\n");
    }

    @Test
    void shouldReadBackWhatItWrote() throws UapiException {
        String written = write(full(), 4096);
        String body = written.replaceAll("(?m)^(last_handshake|tx_bytes|rx_bytes|errno).*\n", "");
        DeviceUpdate update = UapiReaderTest.read(body);
        DeviceState read =
                new DeviceState(
                        update.privateKey(),
                        Objects.requireNonNull(update.listenPort()),
                        Objects.requireNonNull(update.fwmark()),
                        update.peers().stream().map(UapiWriterTest::stateOf).toList());
        assertThat(
                        write(read, 4096)
                                .replaceAll(
                                        "(?m)^(last_handshake|tx_bytes|rx_bytes|errno).*\n", ""))
                .isEqualTo(body);
    }

    private static PeerState stateOf(PeerUpdate peer) {
        return new PeerState(
                peer.publicKey(),
                null,
                peer.presharedKey(),
                peer.endpoint(),
                null,
                null,
                0,
                0,
                Objects.requireNonNull(peer.persistentKeepaliveSeconds()),
                peer.allowedIps().stream().map(change -> change.prefix()).toList());
    }

    @Test
    void shouldLeaveNoSecretBehindInAClosedWriter() {
        DeviceState state = full();
        byte[] chunk = new byte[4096];
        UapiWriter writer = new UapiWriter(state);
        writer.close();
        int length = writer.fill(chunk);
        assertThat(new String(Arrays.copyOf(chunk, length), StandardCharsets.US_ASCII))
                .doesNotContain(SECRET);
    }
}
