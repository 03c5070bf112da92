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
 * @param isWarmingUp OVL_WARM_UP
 */
record DaemonSettings(int workerCount, AeadProvider aeadProvider, boolean isWarmingUp) {
    private static final int MAX_WORKERS = 64;

    static DaemonSettings of(Map<String, String> environment) throws DaemonException {
        return new DaemonSettings(
                workerCount(environment), aeadProvider(environment), isWarmingUp(environment));
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

    private static boolean isWarmingUp(Map<String, String> environment) throws DaemonException {
        String text = environment.getOrDefault("OVL_WARM_UP", "on");
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new DaemonException("OVL_WARM_UP is on or off, not " + text);
        };
    }
}
