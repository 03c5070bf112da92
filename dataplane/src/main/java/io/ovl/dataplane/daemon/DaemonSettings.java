package io.ovl.dataplane.daemon;

import io.ovl.crypto.aead.AeadProvider;
import io.ovl.crypto.aead.AeadProviders;
import io.ovl.crypto.aead.AeadUnavailableException;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the environment says of how the daemon works.
 *
 * <p>Thread: any; immutable.
 *
 * @param workerCount OVL_WORKERS
 * @param aeadProvider OVL_AEAD, or the first that is there
 * @param isWarmingUp OVL_WARM_UP
 * @param busyPollNs OVL_BUSY_POLL
 */
record DaemonSettings(
        int workerCount, AeadProvider aeadProvider, boolean isWarmingUp, long busyPollNs) {
    private static final int MAX_WORKERS = 64;
    private static final int MAX_BUSY_POLL_US = 1_000_000;

    static DaemonSettings of(Map<String, String> environment) throws DaemonException {
        return new DaemonSettings(
                number(environment, "OVL_WORKERS", 1, 1, MAX_WORKERS),
                aeadProvider(environment),
                isWarmingUp(environment),
                TimeUnit.MICROSECONDS.toNanos(
                        number(environment, "OVL_BUSY_POLL", 0, 0, MAX_BUSY_POLL_US)));
    }

    private static AeadProvider aeadProvider(Map<String, String> environment)
            throws DaemonException {
        try {
            return AeadProviders.select(environment.get("OVL_AEAD"));
        } catch (AeadUnavailableException e) {
            throw new DaemonException("OVL_AEAD: " + e.getMessage());
        }
    }

    private static int number(
            Map<String, String> environment, String name, int unlessGiven, int least, int most)
            throws DaemonException {
        String text = environment.getOrDefault(name, Integer.toString(unlessGiven));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new DaemonException(name + " is " + least + " to " + most + ", not " + text);
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
