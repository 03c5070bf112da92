package io.ovl.dataplane.testing;

/**
 * What a network does to datagrams, each with a probability from 0 to 1.
 *
 * <p>Thread: any; immutable.
 *
 * @param delayNs how long each is under way
 * @param jitterNs up to how much longer, evenly distributed; more than the distance between datagrams reorders them
 * @param corruption one bit of it is flipped
 */
public record NetworkFaults(
        double loss, double duplication, double corruption, long delayNs, long jitterNs) {
    /** Everything arrives, in order and at once. */
    public static final NetworkFaults NONE = new NetworkFaults(0, 0, 0, 0, 0);

    public NetworkFaults withDuplication(double probability) {
        return new NetworkFaults(loss, probability, corruption, delayNs, jitterNs);
    }

    public NetworkFaults withCorruption(double probability) {
        return new NetworkFaults(loss, duplication, probability, delayNs, jitterNs);
    }

    public NetworkFaults withDelay(long newDelayNs, long newJitterNs) {
        return new NetworkFaults(loss, duplication, corruption, newDelayNs, newJitterNs);
    }
}
