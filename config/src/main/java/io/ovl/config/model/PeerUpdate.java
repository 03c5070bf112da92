package io.ovl.config.model;

import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Changes to one peer; null leaves a value as it is.
 *
 * <p>Thread: any; immutable. Ownership: {@code presharedKey} passes to whoever applies the update.
 * Units: {@code persistentKeepaliveSeconds} 0 (off) to 65,535.
 *
 * @param isUpdateOnly change the peer only if it exists
 * @param isRemoval remove the peer; nothing else of the update counts then
 * @param name empty: none
 * @param presharedKey all zeros: none
 * @param endpoint {@link UdpAddress#NONE}: none
 * @param endpointHost the endpoint by name, resolved and re-resolved by the daemon; excludes {@code endpoint}
 */
public record PeerUpdate(
        NoisePublicKey publicKey,
        boolean isUpdateOnly,
        boolean isRemoval,
        @Nullable String name,
        @Nullable NoisePresharedKey presharedKey,
        @Nullable UdpAddress endpoint,
        @Nullable HostPort endpointHost,
        @Nullable Integer persistentKeepaliveSeconds,
        boolean replacesAllowedIps,
        List<AllowedIpChange> allowedIps) {}
