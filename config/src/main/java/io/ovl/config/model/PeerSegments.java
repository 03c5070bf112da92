package io.ovl.config.model;

import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The segments that a peer takes part in, and in which form their frames travel.
 *
 * <p>Thread: any; immutable.
 *
 * @param segments by name
 * @param vtep the peer's overlay address where its own VXLAN device listens; null: frames travel in the compact form
 */
public record PeerSegments(
        NoisePublicKey publicKey, List<String> segments, @Nullable IpAddress vtep) {
    public PeerSegments {
        segments = List.copyOf(segments);
    }
}
