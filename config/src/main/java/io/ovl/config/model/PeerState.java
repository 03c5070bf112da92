package io.ovl.config.model;

import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A peer as it is now.
 *
 * <p>Thread: any; immutable. Ownership: {@code presharedKey} is borrowed: do not close it.
 *
 * @param lastHandshake wall clock time of the last completed handshake, null if there was none
 * @param allowedIps masked, in the order in which they were given
 */
public record PeerState(
        NoisePublicKey publicKey,
        @Nullable String name,
        @Nullable NoisePresharedKey presharedKey,
        @Nullable UdpAddress endpoint,
        @Nullable HostPort endpointHost,
        @Nullable Instant lastHandshake,
        long rxBytes,
        long txBytes,
        int persistentKeepaliveSeconds,
        List<IpPrefix> allowedIps) {}
