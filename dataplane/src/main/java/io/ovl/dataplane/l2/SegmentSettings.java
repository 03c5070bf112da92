package io.ovl.dataplane.l2;

/**
 * What can be set on a segment while it runs.
 *
 * <p>Thread: any; immutable.
 *
 * @param ageingNs after which silence a learned entry goes, 0 for never
 * @param maxMacs most learned entries, 0 for none
 * @param learning whether sources are learned
 * @param strict whether reserved VXLAN bits that are set are a reason to drop
 * @param open whether VTEPs that are not configured may send
 * @param suppressArp whether ARP and ND requests are answered from what has been seen
 * @param floodLimit most flooded frames per second, 0 for no limit
 * @param mtu the TAP's MTU, 0 for the one computed from the underlay's
 * @param clampMss whether TCP's maximum segment size is clamped to the MTU
 */
public record SegmentSettings(
        long ageingNs,
        int maxMacs,
        boolean learning,
        boolean strict,
        boolean open,
        boolean suppressArp,
        int floodLimit,
        int mtu,
        boolean clampMss) {
    /** IEEE 802.1Q's recommended ageing time, and every Linux bridge's. */
    public static final long DEFAULT_AGEING_NS = 300_000_000_000L;

    public static final int DEFAULT_MAX_MACS = 8192;

    /** Ten times what a busy segment of a few hundred hosts broadcasts, a hundredth of what a loop makes. */
    public static final int DEFAULT_FLOOD_LIMIT = 10_000;

    public static final SegmentSettings DEFAULT =
            new SegmentSettings(
                    DEFAULT_AGEING_NS,
                    DEFAULT_MAX_MACS,
                    true,
                    false,
                    false,
                    false,
                    DEFAULT_FLOOD_LIMIT,
                    0,
                    false);

    public SegmentSettings {
        if (ageingNs < 0 || maxMacs < 0 || floodLimit < 0 || mtu < 0) {
            throw new IllegalArgumentException("no setting of a segment is negative");
        }
    }
}
