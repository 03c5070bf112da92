package io.ovl.config.model;

import io.ovl.crypto.key.NoisePrivateKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Changes to the WireGuard side of a daemon, applied all or not at all; null leaves a value as it is.
 *
 * <p>Thread: any; immutable. Ownership: {@code privateKey} passes to whoever applies the update.
 *
 * @param privateKey all zeros: remove the key
 * @param listenPort 0 to 65,535; 0 lets the kernel choose one
 * @param fwmark 0: none
 * @param replacesPeers the peers named here are all there shall be
 */
public record DeviceUpdate(
        @Nullable NoisePrivateKey privateKey,
        @Nullable Integer listenPort,
        @Nullable Integer fwmark,
        boolean replacesPeers,
        List<PeerUpdate> peers) {
    /** Wipes the keys of an update that nobody will apply. */
    public void wipe() {
        if (privateKey != null) {
            privateKey.close();
        }
        for (PeerUpdate peer : peers) {
            if (peer.presharedKey() != null) {
                peer.presharedKey().close();
            }
        }
    }
}
