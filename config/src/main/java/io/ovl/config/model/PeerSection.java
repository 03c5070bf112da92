package io.ovl.config.model;

import io.ovl.crypto.key.NoisePresharedKey;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A {@code [Peer]} of a configuration file.
 *
 * <p>Thread: any; immutable. Ownership: {@code presharedKey} belongs to the {@link OvlConfig}. Units: {@code
 * persistentKeepaliveSeconds} 0 (off) to 65,535.
 *
 * @param presharedKeyFile where the key was read from: a path as the file gives it, or {@code @NAME} for a systemd
 *     credential
 * @param allowedIps masked, without repetitions, in the order of the file
 * @param segments names of the segments that the peer takes part in
 * @param vtep the peer's overlay address where its own VXLAN device listens; null: frames travel in the compact form
 */
public record PeerSection(
        @Nullable String name,
        NoisePublicKey publicKey,
        @Nullable NoisePresharedKey presharedKey,
        @Nullable String presharedKeyFile,
        List<IpPrefix> allowedIps,
        @Nullable HostPort endpoint,
        int persistentKeepaliveSeconds,
        List<String> segments,
        @Nullable IpAddress vtep) {
    public PeerSection {
        allowedIps = List.copyOf(allowedIps);
        segments = List.copyOf(segments);
    }

    /** How messages name the peer: by its name, else by the short form of its key. */
    public String label() {
        return name != null ? name : publicKey.toString();
    }
}
