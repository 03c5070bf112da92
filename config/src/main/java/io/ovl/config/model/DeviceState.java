package io.ovl.config.model;

import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The WireGuard side of a daemon as it is now.
 *
 * <p>Thread: any; immutable. Ownership: {@code privateKey} is borrowed: do not close it.
 *
 * @param peers in the order in which they were added
 */
public record DeviceState(
        @Nullable NoisePrivateKey privateKey, int listenPort, int fwmark, List<PeerState> peers) {}
