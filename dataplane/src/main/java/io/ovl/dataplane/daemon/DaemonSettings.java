package io.ovl.dataplane.daemon;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.crypto.aead.AeadUnavailableException;

import java.util.Map;

/**
 * What the environment says of how the daemon works.
 *
 * <p>Thread: any; immutable.
 *
 * @param workerCount OVL_WORKERS
 * @param aeadProvider OVL_AEAD, or the first that is there
 */
record DaemonSettings(int workerCount, AeadProvider aeadProvider) {
    private static final int MAX_WORKERS = 64;

    static DaemonSettings of(Map<String, String> environment) throws DaemonException {
        return new DaemonSettings(workerCount(environment), aeadProvider(environment));
    }

    private static AeadProvider aeadProvider(Map<String, String> environment)
            throws DaemonException {
        try {
            return AeadProviders.select(environment.get("OVL_AEAD"));
        } catch (AeadUnavailableException e) {
            throw new DaemonException("OVL_AEAD: " + e.getMessage());
        }
    }

    private static int workerCount(Map<String, String> environment) throws DaemonException {
        String text = environment.getOrDefault("OVL_WORKERS", "1");
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MAX_WORKERS) {
                return count;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new DaemonException("OVL_WORKERS is 1 to " + MAX_WORKERS + ", not " + text);
    }
}
