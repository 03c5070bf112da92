package io.ovl.dataplane.control;

import io.ovl.config.ctl.DaemonStatus;
import io.ovl.crypto.key.NoisePublicKey;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * What the daemon knows about itself, for {@code ovlctl status}.
 *
 * <p>Thread: the conductor's only.
 */
public interface StatusSource {
    DaemonStatus status();

    /** For each peer that wants a session and has none, the reason in a few words; the others are not in it. */
    Map<NoisePublicKey, String> waiting();

    /** The reason of that peer alone; null when it has none. */
    @Nullable String waiting(NoisePublicKey publicKey);
}
