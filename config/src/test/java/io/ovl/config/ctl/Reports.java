package io.ovl.config.ctl;

import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Devices that have one of everything. */
final class Reports {
    static final Instant NOW = Instant.parse("2026-11-21T02:07:00Z");

    private Reports() {}

    static byte[] key(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }

    static NoisePublicKey publicKey(int value) {
        return NoisePublicKey.copyOf(key(value), 0);
    }

    /** A device without names, such as real {@code wg} can show too; times are relative to {@code now}. */
    static DeviceReport device(String name, Instant now) {
        return new DeviceReport(
                name,
                NoisePublicKey.parse("kXeyMnjL8PPRfDbyrMm1XpyF+HsiClOG7DcNZj4g4zc="),
                key(0x48),
                51_820,
                0xca6c,
                List.of(
                        new PeerReport(
                                publicKey(0x11),
                                null,
                                true,
                                key(0x77),
                                "192.0.2.1:51820",
                                null,
                                now.minusSeconds(3_723),
                                1_023,
                                1_024,
                                25,
                                List.of("10.0.0.2/32", "192.168.8.0/24", "fd00::/64"),
                                List.of(),
                                null,
                                null),
                        peer(
                                0x22,
                                "[2001:db8::1]:1",
                                now.minusSeconds(31_712_461),
                                5L << 30,
                                3L << 40,
                                0),
                        peer(0x33, null, null, 0, 3L << 19, 3_661),
                        peer(0x44, null, now.plusSeconds(100), 0, 0, 0)));
    }

    private static PeerReport peer(
            int key,
            @Nullable String endpoint,
            @Nullable Instant lastHandshake,
            long rxBytes,
            long txBytes,
            int keepaliveSeconds) {
        return new PeerReport(
                publicKey(key),
                null,
                false,
                null,
                endpoint,
                null,
                lastHandshake,
                rxBytes,
                txBytes,
                keepaliveSeconds,
                List.of(),
                List.of(),
                null,
                null);
    }
}
