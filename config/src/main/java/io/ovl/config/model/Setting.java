package io.ovl.config.model;

import io.ovl.crypto.key.NoisePublicKey;

/**
 * A key of one section of a configuration file: what a refusal is about, for whoever knows where in the file that
 * stands.
 *
 * <p>Thread: any; immutable.
 *
 * @param section as the file titles it, and of a peer its public key
 * @param key as the manual spells it
 */
public record Setting(String section, String key) {
    public static Setting ofInterface(String key) {
        return new Setting("[Interface]", key);
    }

    public static Setting ofSegment(String name, String key) {
        return new Setting("[Segment " + name + "]", key);
    }

    public static Setting ofPeer(NoisePublicKey publicKey, String key) {
        return new Setting("[Peer] " + publicKey.base64(), key);
    }
}
